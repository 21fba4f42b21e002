import type { Recipe } from './recipe.ts';

/** The archive copy: about half the size, with every stream kept. */
export const preserve = {
  id: 'preserve',
  summary: "HEVC at the source's size; every stream kept or accounted for; never larger than the source",
  renditions: [{ name: 'preserve', parent: 'source', codec: 'x265', delivery: 'archive' }],
  makes: 'all',
  settings: [
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
  defaults: { crf: 23, preset: 'medium', segmentSeconds: { shortest: 10, longest: 60 }, container: 'mp4' },
  neverLarger: true,
  compute: 'cpu',
  work: 1,
} as const satisfies Recipe;
