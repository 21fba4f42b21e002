import { expect, it } from '@jest/globals';
import { lengthIn } from '../../../core/bytes/header-length.ts';

const words = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => void bytes.writeUInt32BE(value, 4 * i));
  return bytes;
};

it.each([
  { what: 'of 32 bits', payload: words(0, 1, 2, 1000, 7500), seconds: 7.5 },
  { what: 'of 64 bits', payload: words(1 << 24, 0, 1, 0, 2, 1000, 0, 7500), seconds: 7.5 },
  { what: 'of 64 bits that goes beyond 32', payload: words(1 << 24, 0, 1, 0, 2, 1000, 1, 0), seconds: 2 ** 32 / 1000 },
  { what: 'that states no length', payload: words(0, 1, 2, 1000, 0), seconds: undefined },
  { what: 'without ticks', payload: words(0, 1, 2, 0, 7500), seconds: undefined },
  { what: 'that is cut off', payload: words(0, 1, 2, 1000), seconds: undefined },
])('reads a header $what', ({ payload, seconds }) => {
  expect(lengthIn(payload)).toBe(seconds);
  expect(lengthIn(Buffer.concat([words(9, 9), payload]), 8)).toBe(seconds);
});
