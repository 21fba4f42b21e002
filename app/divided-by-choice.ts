import type { Manifest, RenditionRecord } from '../core/job/manifest.ts';
import type { RecipeKeys } from '../core/recipes/recipe-key.ts';

const keyOf = (record: RenditionRecord, { recipeKey }: Manifest) => record.recipeKey ?? recipeKey;

/**
 * Divides what an earlier run made under a recipe of which drops name one or several renditions (`codec=` of vj, `profile=` of
 * mezzanine): `asked` has what this drop names and what was made as it asks, `others` what earlier drops named.
 */
export function dividedByChoice(
  manifest: Manifest,
  keys: ReadonlyMap<string, RecipeKeys>,
): { readonly asked: Manifest; readonly others: readonly RenditionRecord[] } {
  const isAsked = (record: RenditionRecord) => keys.get(record.name)?.includes(keyOf(record, manifest)) ?? false;
  return {
    asked: { ...manifest, renditions: manifest.renditions.filter(isAsked) },
    others: manifest.renditions
      .filter(({ name }) => !keys.has(name))
      .map((record) => ({ ...record, recipeKey: keyOf(record, manifest) })),
  };
}
