import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { etagOf, partBytesOf } from '../../../core/archive/etag.ts';

const MIB = 1 << 20;
const md5 = (text: string) => createHash('md5').update(text).digest();

describe('partBytesOf', () => {
  it.each([
    ['a file below the size of a part', 100 * MIB - 1, 100, undefined],
    ['a file of one part', 100 * MIB, 100, 100 * MIB],
    ['the most parts of that size', 999_999 * MIB, 100, 100 * MIB],
    ['a file that needs larger parts', 1_000_000 * MIB, 100, 101 * MIB],
    ['5 TiB by parts of 5 MiB', 5 * 1024 * 1024 * MIB, 5, 525 * MIB],
  ])('of %s', (_, bytes, asked, part) => expect(partBytesOf(bytes, asked)).toBe(part));

  it('never makes more than 10,000 parts', () => {
    for (const bytes of [49_999 * MIB, 50_000 * MIB, 50_001 * MIB, 5 * 1024 * 1024 * MIB])
      expect(Math.ceil(bytes / (partBytesOf(bytes, 5) ?? 0))).toBeLessThanOrEqual(10_000);
  });
});

describe('etagOf', () => {
  it('is the MD5 of an object sent as one', () =>
    expect(etagOf([md5('hello')], false)).toBe('5d41402abc4b2a76b9719d911017c592'));

  it('is the MD5 of the MD5s of parts, and their number', () => {
    const whole = createHash('md5')
      .update(Buffer.concat([md5('a'), md5('b')]))
      .digest('hex');
    expect(etagOf([md5('a'), md5('b')], true)).toBe(`${whole}-2`);
  });
});
