import { describe, expect, it } from '@jest/globals';
import { sharedTimes, sharedTimesTold } from '../../../core/film/shared-times.ts';

const BASE = { num: 1, den: 1000 };
const line = (n: number, pts: number | 'NOPTS') =>
  `[Parsed_showinfo_0 @ 0x5] [info] n:${`${n}`.padStart(4)} pts:${`${pts}`.padStart(7)} pts_time:0 fmt:yuv420p`;
const clockLine = (base: string) => `[Parsed_showinfo_0 @ 0x5] [info] config in time_base: ${base}, frame_rate: 25/1`;

describe('pictures whose time another one has', () => {
  it.each([
    { are: 'none', stored: [0, 40, 80], shown: [0, 40, 80], found: undefined },
    {
      are: 'two behind the first',
      stored: [40, 40, 40],
      shown: [40, 41, 42],
      found: { pictures: 2, mostSeconds: 0.002 },
    },
    {
      are: 'earlier than the one before',
      stored: [40, 0],
      shown: [40, 41],
      found: { pictures: 1, mostSeconds: 0.041 },
    },
    { are: 'without a time', stored: [40, 'NOPTS' as const], shown: [40, 41], found: undefined },
  ])('that are $are are counted, whichever comes first', ({ stored, shown, found }) => {
    const [one, other] = [sharedTimes(), sharedTimes()];
    for (const shared of [one, other]) shared.line(clockLine('1/1000'));
    for (const ticks of shown) one.shown(ticks);
    for (const [n, pts] of stored.entries()) one.line(line(n, pts));
    for (const [n, pts] of stored.entries()) other.line(line(n, pts));
    for (const ticks of shown) other.shown(ticks);
    expect([one.found(BASE), other.found(BASE)]).toEqual([found, found]);
  });

  it('are not told where the clocks differ', () => {
    const shared = sharedTimes();
    shared.line(clockLine('1/90000'));
    shared.line(line(0, 40));
    shared.shown(41);
    expect(shared.found(BASE)).toBeUndefined();
  });

  it.each([
    [1, 'a picture has the time of another one, and a film shows one at a time: it follows that one, 0.156 ms later'],
    [3, '3 pictures have the time of another one, and a film shows one at a time: they follow that one, at most 0.156'],
  ])('are named: %d', (pictures, sentence) => {
    expect(sharedTimesTold({ pictures, mostSeconds: 0.00015625 })).toEqual([expect.stringContaining(sentence)]);
    expect(sharedTimesTold(undefined)).toEqual([]);
  });
});
