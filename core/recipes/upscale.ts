import { enlargement } from '../upscale/enlargement.ts';
import type { Recipe } from './recipe.ts';

/** Super-resolution: every frame enlarged by a network, at its own time, then HEVC. */
export const upscale = {
  id: 'upscale',
  summary: 'HEVC twice or four times as large, enlarged by a neural network; every stream kept',
  renditions: [
    {
      name: 'upscaled',
      parent: 'source',
      codec: 'x265',
      crf: 16,
      film: true,
      delivery: 'archive',
      enlarge: enlargement({}),
    },
  ],
  makes: 'enlarged',
  settings: [
    'scale',
    'model',
    'device',
    'height',
    'crf',
    'preset',
    'segmentSeconds',
    'container',
    'deinterlace',
    'telecine',
    'crop',
    'desqueeze',
    'denoise',
    'colour',
    'fps',
    'pitch',
    'pre',
    'mezzanine',
    'keepMezzanine',
  ],
  defaults: {
    device: 'cpu',
    crf: 16,
    preset: 'faster',
    pre: 'stream',
    mezzanine: 'none',
    keepMezzanine: false,
    segmentSeconds: { shortest: 10, longest: 60 },
    container: 'mp4',
  },
  crfRange: [12, 28],
  neverLarger: false,
} as const satisfies Recipe;
