import { ARCHIVE } from './archive.ts';
import type { Recipe } from './recipe.ts';

/** The archive copy: about half the size, with every stream kept. */
export const preserve = {
  ...ARCHIVE,
  id: 'preserve',
  summary: "HEVC at the source's size; every stream kept or accounted for; never larger than the source",
  renditions: [{ name: 'preserve', parent: 'source', codec: 'x265', delivery: 'archive' }],
} as const satisfies Recipe;
