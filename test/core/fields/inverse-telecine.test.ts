import { describe, expect, it } from '@jest/globals';
import {
  evenTimesOf,
  type RestoredSpan,
  refuseOutOfStep,
  refuseWithoutTelecine,
  untelecinedTold,
} from '../../../core/fields/inverse-telecine.ts';

const frames = (count: number, step = 1001 / 30_000) => Float64Array.from({ length: count }, (_, i) => i * step);
const telecine = (start: number, end: number) => ({ start, end, first: 'tff', telecine: true }) as const;
const film = (times: Float64Array, parts: Parameters<typeof untelecinedTold>[0]['parts']) => ({
  times,
  tickSeconds: 1,
  parts,
});

describe('telecine that can be undone', () => {
  it('is repeated fields in 29.97 or 30 even frames a second, also in a file whose times are whole milliseconds', () => {
    for (const step of [1001 / 30_000, 1 / 30]) {
      const exact = frames(300, step);
      for (const times of [exact, exact.map((time) => Math.round(time * 1000) / 1000)])
        expect(() => refuseWithoutTelecine('film.mkv', film(times, [telecine(0, 300)]))).not.toThrow();
    }
  });

  it.each([
    { what: 'without repeated fields', times: frames(300), parts: [], reason: 'film.mkv repeats no fields' },
    {
      what: 'of video',
      times: frames(300),
      parts: [{ start: 0, end: 300, first: 'tff' }] as const,
      reason: 'no fields',
    },
    { what: 'of 25 frames', times: frames(300, 1 / 25), parts: [telecine(0, 300)], reason: 'has 25 frames a second' },
    {
      what: 'of 59.94 frames',
      times: frames(300, 1001 / 60_000),
      parts: [telecine(0, 300)],
      reason: 'has 59.94 frames',
    },
    {
      what: 'with a gap',
      times: frames(300).map((time, i) => (i < 150 ? time : time + 1)),
      parts: [telecine(0, 300)],
      reason: 'has frames of different lengths (the first at 0:05.0)',
    },
    { what: 'of one picture', times: frames(1), parts: [telecine(0, 1)], reason: 'has no frames a second' },
  ])('is none in a film $what', ({ times, parts, reason }) => {
    expect(() => refuseWithoutTelecine('film.mkv', film(times, parts))).toThrow(reason);
  });
});

describe('stretches without telecine', () => {
  it('are told from a second on, since one in five of their pictures is left out', () => {
    expect(untelecinedTold(film(frames(900), [telecine(0, 890)]))).toEqual([]);
    const [told] = untelecinedTold(film(frames(900), [telecine(120, 300), telecine(600, 900)]));
    expect(told).toMatch('from 0:00 to 0:04, 0:10 to 0:20:');
  });
});

describe('a restored film', () => {
  const was: RestoredSpan = { start: 1.4, end: 7.4, sounds: [7.42, undefined] };

  it('is in step where all of it is moved by the same', () => {
    expect(() => refuseOutOfStep('film.ts', was, { start: 0, end: 6.01, sounds: [6.02, 3] })).not.toThrow();
  });

  it.each([
    { what: 'ends early', is: { start: 0, end: 4.5, sounds: [6.02, 6] }, reason: 'lasts 6.00 s and became 4.50 s' },
    { what: 'has its sound late', is: { start: 0, end: 6, sounds: [6.2, 6] }, reason: 'sound 1 of film.ts came out' },
    { what: 'lost its sound', is: { start: 0, end: 6, sounds: [] }, reason: 'sound 1 of film.ts came out of step' },
  ])('is refused where it $what', ({ is, reason }) => {
    expect(() => refuseOutOfStep('film.ts', was, is)).toThrow(reason);
  });
});

describe('the even times of a film whose telecine was undone', () => {
  const inMs = (seconds: (frame: number) => number) =>
    Float64Array.from({ length: 100 }, (_, frame) => Math.round(1000 * seconds(frame)));

  it.each([
    { perSecond: 30_000 / 1001, rate: { num: 24_000, den: 1001 } },
    { perSecond: 30, rate: { num: 24_000, den: 1000 } },
  ])('are found behind the rounding of a file in milliseconds: $perSecond frames a second', ({ perSecond, rate }) => {
    const found = evenTimesOf({ times: inMs((n) => 0.011 + (n * rate.den) / rate.num), tickSeconds: 0.001 }, perSecond);
    expect(found?.rate).toEqual(rate);
    const steps = [...(found?.times ?? [])].map((time, i, all) => time - (all[i - 1] ?? time - rate.den));
    expect(new Set(steps)).toEqual(new Set([rate.den]));
    expect(Math.abs((found?.times[0] ?? 0) / rate.num - 0.011)).toBeLessThan(0.0006);
  });

  it('are not those of windows of a film, which lie apart', () => {
    const times = inMs((n) => (n * 1001) / 24_000 + (n > 50 ? 3 : 0));
    expect(evenTimesOf({ times, tickSeconds: 0.001 }, 29.97)).toBeUndefined();
  });
});
