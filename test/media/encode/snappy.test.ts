import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { snappy } from '../../../media/encode/snappy.ts';
import { unsnapped } from '../../support/unsnapped.ts';

/** Bytes that look random and are always the same. */
function noise(bytes: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i * 32 < bytes; i++) parts.push(createHash('sha256').update(`${i}`).digest());
  return Buffer.concat(parts).subarray(0, bytes);
}

const block = noise(64);

describe('what Snappy makes smaller', () => {
  it.each([
    { of: 'nothing', data: Buffer.alloc(0), most: 1 },
    { of: 'one byte', data: Buffer.from([7]), most: 3 },
    { of: 'three bytes', data: Buffer.from([7, 7, 7]), most: 5 },
    { of: 'zeros', data: Buffer.alloc(200_000), most: 10_000 },
    { of: 'what repeats with a step of 8', data: Buffer.alloc(100_000, noise(8)), most: 5000 },
    { of: 'noise', data: noise(200_001), most: 200_200 },
    {
      of: 'noise that repeats beyond the reach of a copy',
      data: Buffer.concat([noise(70_000), noise(70_000)]),
      most: 140_200,
    },
    {
      of: 'noise and what is known',
      data: Buffer.concat([block, noise(300), block, block, noise(3), block]),
      most: 500,
    },
    { of: 'exactly one block', data: noise(65_536), most: 65_600 },
    { of: 'a block and a byte', data: noise(65_537), most: 65_600 },
  ])('of $of comes back byte for byte', ({ data, most }) => {
    const small = snappy(data);
    expect(unsnapped(small).equals(data)).toBe(true);
    expect(small.length).toBeLessThanOrEqual(most);
  });
});
