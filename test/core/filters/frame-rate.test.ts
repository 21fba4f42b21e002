import { describe, expect, it } from '@jest/globals';
import { encoderFrameRate } from '../../../core/filters/frame-rate.ts';
import { aVideo } from '../../fixtures/probes.ts';

const every = (gap: number, frames = 10) => Float64Array.from({ length: frames }, (_, i) => i * gap);
const rate = (num: number, den = 1) => ({ num, den });

describe("the encoder's frame rate", () => {
  it.each([
    {
      what: "the stream's own",
      base: rate(30_000, 1001),
      times: every(1),
      tick: 1001 / 30_000,
      is: rate(30_000, 1001),
    },
    {
      what: "the stream's own, also where frames are missing",
      base: rate(25),
      times: Float64Array.of(0, 1, 7),
      tick: 0.04,
      is: rate(25),
    },
    { what: "the stream's own where it is unusual", base: rate(17), times: every(1), tick: 1 / 17, is: rate(17) },
    {
      what: 'the standard rate of the usual gap where the base is a clock',
      base: rate(57_600),
      times: every(1920),
      tick: 1 / 57_600,
      is: rate(30),
    },
    {
      what: '23.976 of a millisecond clock',
      base: rate(1000),
      times: Float64Array.of(0, 42, 83, 125, 167, 209),
      tick: 0.001,
      is: rate(24_000, 1001),
    },
    {
      what: '59.94 of a 90 kHz clock',
      base: rate(90_000),
      times: every(1501.5),
      tick: 1 / 90_000,
      is: rate(60_000, 1001),
    },
    {
      what: 'the same with a few long gaps',
      base: undefined,
      times: Float64Array.of(0, 40, 80, 120, 900, 940, 980),
      tick: 0.001,
      is: rate(25),
    },
    { what: '25 where there is one frame', base: undefined, times: Float64Array.of(0), tick: 0.001, is: rate(25) },
    {
      what: 'the usual one where the base is slower than one a second',
      base: rate(1, 10),
      times: every(100),
      tick: 0.001,
      is: rate(12),
    },
  ])('is $what', ({ base, times, tick, is }) => {
    expect(encoderFrameRate(aVideo({ baseFrameRate: base }), times, tick)).toEqual(is);
  });

  it('does not change when frames are inserted', () => {
    const video = aVideo({ baseFrameRate: undefined });
    const before = every(33, 100);
    const after = Float64Array.from([...before, ...every(7, 20).map((time) => 3300 + time)]);
    expect(encoderFrameRate(video, after, 0.001)).toEqual(encoderFrameRate(video, before, 0.001));
  });
});
