import type { Recipe } from './recipe.ts';

/** What recipes that make one archive copy with every stream have in common. */
export const ARCHIVE = {
  makes: 'all',
  settings: [
    'crf',
    'preset',
    'vmaf',
    'codec',
    'grain',
    'lossless',
    'evenIfLarger',
    'keepSource',
    'skipBelow',
    'segmentSeconds',
    'container',
    'encoder',
    'audio',
    'subtitles',
    'gpx',
    'fps',
    'gaps',
    'deinterlace',
    'damaged',
  ],
  defaults: { crf: 23, preset: 'medium', segmentSeconds: { shortest: 10, longest: 60 }, container: 'mp4' },
  neverLarger: true,
  compute: 'cpu',
  work: 1,
} as const satisfies Partial<Recipe>;
