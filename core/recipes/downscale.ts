import type { Recipe } from './recipe.ts';

/** An archive copy as `preserve` makes it, scaled down to 1440p or to the size that the drop asks for. */
export const downscale = {
  id: 'downscale',
  summary:
    'as preserve, but a picture larger than 1440p is scaled down to 1440p, or to shortSide (the shorter side, in portrait too)',
  renditions: [{ name: 'downscale', parent: 'source', codec: 'x265', delivery: 'archive' }],
  makes: 'all',
  settings: [
    'shortSide',
    'crf',
    'preset',
    'vmaf',
    'lossless',
    'evenIfLarger',
    'segmentSeconds',
    'container',
    'encoder',
    'audio',
    'subtitles',
    'fps',
    'gaps',
    'damaged',
  ],
  defaults: {
    shortSide: 1440,
    crf: 23,
    preset: 'medium',
    segmentSeconds: { shortest: 10, longest: 60 },
    container: 'mp4',
  },
  neverLarger: true,
  compute: 'cpu',
  work: 1,
} as const satisfies Recipe;
