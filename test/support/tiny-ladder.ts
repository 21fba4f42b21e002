import { ladder } from '../../core/recipes/ladder.ts';

/** 2.4 s of picture and sound. */
export const tinyClip = (size: string, more: readonly string[] = [], name = 'clip.mp4') => ({
  file: name,
  args: [
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=2.4`, '-f', 'lavfi', '-i', 'sine=duration=2.4'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac', ...more],
  ],
});

/** All four rungs of a source that is tiny. */
export const fourRungs = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 144 } },
    { ...ladder.renditions[1], fit: { shortSide: 112 } },
    { ...ladder.renditions[2], fit: { shortSide: 96 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 200 } },
  ],
};
/** A ladder of two of those rungs: the one in HEVC, and one in H.264. */
export const twoRungs = {
  ...fourRungs,
  renditions: fourRungs.renditions.filter(({ name }) => name === '4k' || name === 'sd'),
};
/** A ladder of three of those rungs, of which later ones are made from earlier ones. */
export const threeRungs = {
  ...fourRungs,
  renditions: fourRungs.renditions
    .filter(({ name }) => name !== '1440p')
    .map((rung) => (rung.name === 'hd' ? { ...rung, parent: '4k' } : rung)),
};
/** One segment of each rung. */
export const SHORT = ['-t', '0.6'];
export const LADDER_QUICK = { preset: 'ultrafast', segmentSeconds: '1' };
