import type { Recipe } from './recipe.ts';

/** The same, but 1440p is enough, or what the drop says. */
export const downscale = {
  id: 'downscale',
  summary:
    'as preserve, but a picture larger than 1440p is brought to 1440p, or to shortSide (portrait: its short side)',
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
