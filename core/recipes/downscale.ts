import { ARCHIVE } from './archive.ts';
import type { Recipe } from './recipe.ts';

/** An archive copy as `preserve` makes it, scaled down to 1440p or to the size that the drop asks for. */
export const downscale = {
  ...ARCHIVE,
  id: 'downscale',
  summary:
    'as preserve, but a picture larger than 1440p is scaled down to 1440p, or to shortSide (the shorter side, in portrait too)',
  renditions: [{ name: 'downscale', parent: 'source', codec: 'x265', delivery: 'archive' }],
  settings: ['shortSide', ...ARCHIVE.settings],
  defaults: { shortSide: 1440, ...ARCHIVE.defaults },
} as const satisfies Recipe;
