import { describe, expect, it } from '@jest/globals';
import type { RenditionSpec } from '../../../core/codecs/rendition-spec.ts';
import { rungFrames } from '../../../core/encode/small-rung-rate.ts';
import type { Size } from '../../../core/film/frame-size.ts';
import { ladder } from '../../../core/recipes/ladder.ts';
import type { Settings } from '../../../core/settings/settings.ts';

const [, , hd, sd] = ladder.renditions;
const SMALL = { width: 722, height: 406 };

type Asked = {
  readonly rendition?: RenditionSpec;
  readonly size?: Size;
  readonly set?: Pick<Partial<Settings>, 'smallRungFps'>;
};

/** The frames of a rung of 300 frames at a steady rate, in two segments of which the second begins at an odd frame. */
function framesAt(rate: number, { rendition = sd, size = SMALL, set = { smallRungFps: 'half' } }: Asked = {}) {
  const times = Float64Array.from({ length: 300 }, (_, i) => i);
  const ranges = [
    { start: 0, end: 151 },
    { start: 151, end: 300 },
  ];
  const cut = { times, ranges, access: 'seek' } as const;
  return rungFrames({ rendition, settings: set, size, cut, tickSeconds: 1 / rate });
}

describe('smallRungFps=half', () => {
  it.each([
    { rate: 60, size: SMALL, frames: 150 },
    { rate: 60_000 / 1001, size: SMALL, frames: 150 },
    { rate: 50, size: SMALL, frames: 150 },
    { rate: 48, size: SMALL, frames: 150 },
    { rate: 30, size: SMALL, frames: 300 },
    { rate: 30_000 / 1001, size: SMALL, frames: 300 },
    { rate: 25, size: SMALL, frames: 300 },
    { rate: 60, size: { width: 768, height: 432 }, frames: 150 },
    { rate: 60, size: { width: 432, height: 768 }, frames: 150 },
    { rate: 60, size: { width: 770, height: 432 }, frames: 300 },
    { rate: 60, size: { width: 1920, height: 1080 }, frames: 300 },
  ])('leaves $frames of 300 frames at $rate a second in $size.width x $size.height', ({ rate, size, frames }) => {
    expect(framesAt(rate, { size }).cut.times).toHaveLength(frames);
  });

  it('cuts every rung of a fast source at frames that the small ones have', () => {
    const small = framesAt(60);
    const large = framesAt(60, { rendition: hd, size: { width: 1920, height: 1080 } });
    expect(large.cut.ranges).toEqual([
      { start: 0, end: 152 },
      { start: 152, end: 300 },
    ]);
    expect(small.cut.ranges).toEqual([
      { start: 0, end: 76 },
      { start: 76, end: 150 },
    ]);
  });

  it.each([33.3, 47.95, 50, 59.94, 60, 71.3])(
    'puts keyframes of rungs with all of %d frames at even frames',
    (rate) => {
      const { rendition } = framesAt(rate, { rendition: hd, size: { width: 1920, height: 1080 } });
      const frames = Math.round(('keyframeSeconds' in rendition ? (rendition.keyframeSeconds ?? 0) : 0) * rate);
      expect(frames).toBe(2 * Math.round(2 * (rate / 2)));
    },
  );

  it('takes every second frame of a rung that shows its first picture early', () => {
    const times = Float64Array.from({ length: 300 }, (_, i) => (i === 0 ? 0 : 20 * i + 23));
    const cut = { times, ranges: [{ start: 0, end: 300 }], access: 'seek' } as const;
    const settings = { smallRungFps: 'half' } as const;
    const made = rungFrames({ rendition: sd, settings, size: SMALL, cut, tickSeconds: 0.001 });
    expect(made.cut.times).toHaveLength(150);
  });

  it('says which pictures a rung has', () => {
    const told = 'sd has every second picture of the source, 25 of 50 a second, as smallRungFps=half asks';
    expect(framesAt(50).told).toEqual([told]);
    expect(framesAt(25).told).toEqual([]);
  });

  it('takes every frame of a film whose rate varies, and says why', () => {
    const times = Float64Array.from([0, 1, 2, 4, 5]); // one frame is missing
    const cut = { times, ranges: [{ start: 0, end: 5 }], access: 'seek' } as const;
    const film = { rendition: sd, settings: { smallRungFps: 'half' }, size: SMALL, cut } as const;
    const { told, ...all } = rungFrames({ ...film, tickSeconds: 1 / 60 });
    expect(all).toEqual({ cut, rendition: sd });
    expect(told).toEqual([
      "sd keeps every picture, since the source's frame rate varies; smallRungFps=half is for one steady rate",
    ]);
    expect(rungFrames({ ...film, tickSeconds: 1 / 20 }).told).toEqual([]);
  });

  it.each([{ smallRungFps: 'full' } as const, {}])('changes nothing where it is not asked for: %o', (set) => {
    const { cut, rendition, told } = framesAt(60, { set });
    expect({ frames: cut.times.length, rendition, told }).toEqual({ frames: 300, rendition: sd, told: [] });
  });
});
