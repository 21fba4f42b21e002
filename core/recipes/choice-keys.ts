import type { Settings } from '../settings/settings.ts';
import { encodedBy } from './hardware-choice.ts';
import type { Recipe } from './recipe.ts';
import { type RecipeKeys, recipeKeys, type ToolsByCodec } from './recipe-key.ts';
import { choicesOf, chosen } from './renditions.ts';

/**
 * Returns the keys of each rendition that a drop names, by the rendition's name, as if the drop named no other. By them a
 * rendition is found again that an earlier drop asked for alone or with others. Returns undefined for recipes without a choice.
 */
export function choiceKeys(
  recipe: Recipe,
  settings: Partial<Settings>,
  tools: ToolsByCodec,
): ReadonlyMap<string, RecipeKeys> | undefined {
  const { makes } = recipe;
  if (typeof makes !== 'object') return undefined;
  return new Map(
    choicesOf(makes, settings).map((each) => {
      const rendition = encodedBy(chosen(recipe, each), each.settings);
      return [rendition.name, recipeKeys(recipe, [rendition], each.settings, tools)];
    }),
  );
}
