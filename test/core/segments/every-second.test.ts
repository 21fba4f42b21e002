import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evenBorders, everySecond, steadyRate, wholeRange } from '../../../core/segments/every-second.ts';
import { decodeStart } from '../../../core/segments/reach.ts';
import type { SourceCut } from '../../../core/segments/segments.ts';

const numbers = (count: number) => Float64Array.from({ length: count }, (_, i) => i);

/** Cuts of a film of numbered frames, at any borders. */
const anyCut = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { maxLength: 5 }))
  .map(([count, borders]): SourceCut => {
    const starts = [0, ...borders.filter((border) => border < count).sort((a, b) => a - b)];
    return {
      times: numbers(count),
      ranges: starts.map((start, i) => ({ start, end: starts[i + 1] ?? count })),
      access: 'seek',
    };
  });

describe('every second frame of a cut', () => {
  it('is each even frame once, in segments that begin when those of all frames do', () => {
    fc.assert(
      fc.property(anyCut, (cut) => {
        const even = evenBorders(cut);
        const { times, ranges } = everySecond(even);
        expect([...times]).toEqual([...cut.times].filter((frame) => frame % 2 === 0));
        expect(ranges.map(({ start }) => times[start])).toEqual(even.ranges.map(({ start }) => cut.times[start]));
        for (const kept of [ranges, even.ranges]) {
          expect(kept[0]?.start).toBe(0);
          for (const [i, { start, end }] of kept.entries()) {
            expect(end).toBeGreaterThan(start);
            expect(kept[i + 1]?.start ?? end).toBe(end);
          }
        }
        expect(even.ranges.at(-1)?.end).toBe(cut.times.length);
        expect(ranges.at(-1)?.end).toBe(times.length);
      }),
    );
  });

  it('names its segments in frames of the whole file', () => {
    const cut = everySecond({ times: numbers(9), ranges: [{ start: 0, end: 9 }], access: 'seek' });
    expect(wholeRange({ start: 0, end: 2 }, cut)).toEqual({ start: 0, end: 4 });
    expect(wholeRange({ start: 2, end: 5 }, cut)).toEqual({ start: 4, end: 9 });
    expect(wholeRange({ start: 2, end: 5 }, { times: cut.times, ranges: [], access: 'seek' })).toEqual({
      start: 2,
      end: 5,
    });
  });

  it.each([
    {
      what: 'behind an even keyframe',
      keyframes: [0, 4],
      number: 3,
      start: { seekSeconds: 0.45, fileStartSeconds: 0, skip: 1 },
    },
    {
      what: 'behind an odd keyframe',
      keyframes: [0, 3],
      number: 2,
      start: { seekSeconds: 0.35, fileStartSeconds: 0, skip: 0 },
    },
    { what: 'behind no keyframe', keyframes: [], number: 2, start: { seekSeconds: undefined, skip: 4 } },
  ])('is reached $what, by counting all frames', ({ keyframes, number, start }) => {
    const all = numbers(9);
    const among = { times: all, every: 2 } as const;
    const timeline = { times: all.filter((each) => each % 2 === 0), tickSeconds: 0.1, fileStartSeconds: 0, among };
    const found = decodeStart(number, { ...timeline, keyframes: Uint32Array.from(keyframes) });
    expect({ ...found, seekSeconds: found.seekSeconds && Number(found.seekSeconds.toFixed(6)) }).toEqual(start);
  });
});

describe('the rate of frames that follow each other steadily', () => {
  it.each([
    { what: 'exact ticks', times: [0, 1, 2, 3], tickSeconds: 1 / 60, rate: 60 },
    { what: 'a clock of milliseconds', times: [0, 17, 33, 50, 67, 83, 100], tickSeconds: 0.001, rate: 60 },
    { what: 'a missing frame', times: [0, 1, 3, 4], tickSeconds: 1 / 60, rate: undefined },
    { what: 'slides', times: [0, 5000, 90_000], tickSeconds: 0.001, rate: undefined },
    { what: 'one frame', times: [7], tickSeconds: 0.001, rate: undefined },
    { what: 'no frame', times: [], tickSeconds: 0.001, rate: undefined },
  ])('is $rate for $what', ({ times, tickSeconds, rate }) => {
    const found = steadyRate(Float64Array.from(times), tickSeconds);
    expect(found === undefined ? undefined : Math.round(found)).toBe(rate);
  });
});
