import { describe, expect, it } from '@jest/globals';
import { isLosslessH264 } from '../../../core/film/lossless-h264.ts';
import { bits } from '../../fixtures/craft.ts';

const HIGH = 100;
const HIGH_444 = 244;

/** A sequence parameter set up to the flag; what follows is not read. */
const set = (profile: number, flag: '0' | '1', { chroma = 1, id = 0 } = {}) =>
  Buffer.concat([Buffer.from([0x67, profile, 0, 30]), bits(id, chroma, ...(chroma === 3 ? ['0'] : []), 0, 0, flag)]);
const record = (unit: Buffer) =>
  Buffer.concat([Buffer.from([1, unit[1] ?? 0, 0, 30, 0xff, 0xe1, 0, unit.length]), unit]);
const stream = (unit: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 1, 0x09, 0xf0, 0, 0, 1]), unit]);

describe('whether H.264 is coded without loss', () => {
  it.each([
    { of: 'full chroma without transform', unit: set(HIGH_444, '1', { chroma: 3 }), is: true },
    { of: 'full chroma with transform', unit: set(HIGH_444, '0', { chroma: 3 }), is: false },
    { of: 'less chroma without transform', unit: set(HIGH_444, '1'), is: true },
    { of: 'a set with a longer id', unit: set(HIGH_444, '1', { id: 30, chroma: 3 }), is: true },
    { of: 'a usual film', unit: set(HIGH, '0'), is: false },
    { of: 'a profile whose sets have no flag', unit: set(66, '1'), is: false },
    { of: 'a set that ends too early', unit: Buffer.from([0x67, HIGH_444]), is: false },
    { of: 'a set of zeros', unit: Buffer.from([0x67, HIGH_444, 0, 30, 0, 0, 0, 0, 0, 0]), is: false },
  ])('is told of $of, in a record and in a stream', ({ unit, is }) => {
    expect([isLosslessH264(record(unit)), isLosslessH264(stream(unit))]).toEqual([is, is]);
  });

  it('reads over bytes that are there against start codes by chance', () => {
    const unit = (flag: '0' | '1') => Buffer.from([0x67, HIGH_444, 0, 0, 3, ...bits(0, 3, '0', 0, 0, flag)]);
    expect([isLosslessH264(record(unit('1'))), isLosslessH264(record(unit('0')))]).toEqual([true, false]);
  });

  it.each([[[]], [[1]], [[1, 0, 0, 0, 0, 0xe0, 0, 0]], [[0, 0, 1, 0x68, 1, 2]], [[9, 9, 9]]])(
    'is not told of %j',
    (bytes) => {
      expect(isLosslessH264(Uint8Array.from(bytes))).toBe(false);
    },
  );
});
