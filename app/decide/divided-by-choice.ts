import type { Manifest, RenditionRecord } from '../../core/job/manifest.ts';
import type { RecipeKeys } from '../../core/recipes/recipe-key.ts';

const keyOf = (record: RenditionRecord, { recipeKey }: Manifest) => record.recipeKey ?? recipeKey;

type DividedManifest = {
  /** With what this drop names and what was made as it asks. */
  readonly asked: Manifest;
  /** What earlier drops named and this one does not. */
  readonly others: readonly RenditionRecord[];
  /** What this drop names, as it was made under other settings. */
  readonly replaced: readonly RenditionRecord[];
};

/**
 * Divides what an earlier run made under a recipe of which drops name one or several renditions (`codec=` of vj, `profile=` of
 * mezzanine).
 */
export function dividedByChoice(manifest: Manifest, keys: ReadonlyMap<string, RecipeKeys>): DividedManifest {
  const isAsked = (record: RenditionRecord) => keys.get(record.name)?.includes(keyOf(record, manifest)) ?? false;
  return {
    asked: { ...manifest, renditions: manifest.renditions.filter(isAsked) },
    others: manifest.renditions
      .filter(({ name }) => !keys.has(name))
      .map((record) => ({ ...record, recipeKey: keyOf(record, manifest) })),
    replaced: manifest.renditions.filter((record) => keys.has(record.name) && !isAsked(record)),
  };
}
