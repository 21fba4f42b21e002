import { createHash } from 'node:crypto';
import type { Recipe } from './recipe.ts';
import type { Settings } from './settings.ts';

/** With the source's hash, all that decides what a drop becomes: if both are as they were, nothing is to be done. */
export function recipeKey(
  recipe: Recipe,
  settings: Partial<Settings>,
  tools: Readonly<Record<string, string>>,
): string {
  const { id, renditions, neverLarger } = recipe;
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([id, renditions, neverLarger, sorted, tools]))
    .digest('hex');
}
