import { describe, expect, it } from '@jest/globals';
import { dvRecordingTime } from '../../../core/description/dv-recording.ts';

const SEQUENCE = 150 * 80;

/** A sequence of DIF blocks with packs in its VAUX. */
function sequence(number: number, ...packs: readonly (readonly number[])[]): Buffer {
  const bytes = Buffer.alloc(SEQUENCE, 0xff);
  const heads = [0x1f, 0x3f, 0x3f, 0x56, 0x56, 0x56];
  for (const [i, kind] of heads.entries()) {
    bytes[80 * i] = kind;
    bytes[80 * i + 1] = (number << 4) | 7;
    bytes[80 * i + 2] = kind === 0x3f ? i - 1 : kind === 0x56 ? i - 3 : 0;
  }
  for (const [i, pack] of packs.entries()) bytes.set(pack, 3 * 80 + 3 + 5 * i);
  return bytes;
}

const date = (day: number, month: number, year: number) => [0x62, 0xff, 0xc0 | day, 0xe0 | month, year];
const time = (hour: number, minute: number, second: number) => [0x63, 0xff, 0x80 | second, 0x80 | minute, 0xc0 | hour];

describe('when DV was recorded', () => {
  it.each([
    { does: 'reads what is whole', packs: [date(0x31, 0x12, 0x99), time(0x23, 0x59, 0x58)], is: '1999-12-31T23:59:58' },
    { does: 'takes 79 for 2079', packs: [date(0x01, 0x01, 0x79), time(0, 0, 0)], is: '2079-01-01T00:00:00' },
    { does: 'takes no day that is none', packs: [date(0x31, 0x02, 0x04), time(0, 0, 0)], is: undefined },
    {
      does: 'takes no pack without information',
      packs: [[0x62, 0xff, 0xff, 0xff, 0xff], time(0, 0, 0)],
      is: undefined,
    },
    { does: 'takes no date without a time', packs: [date(0x01, 0x01, 0x04)], is: undefined },
  ])('$does', ({ packs, is }) => {
    expect(dvRecordingTime(Buffer.concat([Buffer.alloc(99), sequence(0, ...packs)]))?.local).toBe(is);
  });

  it('puts no date of one frame together with the time of another', () => {
    const [first, second] = [sequence(0, date(0x01, 0x01, 0x04)), sequence(0, time(0x12, 0, 0))];
    expect(dvRecordingTime(Buffer.concat([first, second]))).toBeUndefined();
    const whole = [sequence(0, date(0x01, 0x01, 0x04)), sequence(1, time(0x12, 0, 0))];
    expect(dvRecordingTime(Buffer.concat(whole))?.utc).toBe('2004-01-01T12:00:00.000Z');
  });

  it('reads nothing of what ends in the middle', () => {
    expect(dvRecordingTime(sequence(0, date(1, 1, 4), time(0, 0, 0)).subarray(0, SEQUENCE - 1))).toBeUndefined();
  });
});
