import { usage } from '../errors.ts';
import { type Drop, mirroredKeys, mixedKeys, type OutputKeys } from '../job/drop.ts';
import { didYouMean } from '../nearest.ts';
import { DEFAULT_WEIGHTS, type DemandWeights } from '../renditions/priority.ts';
import { type RawSettings, resolveSettings, settingOf } from '../settings/settings.ts';
import { type ModelWeights, modelByWeight } from '../upscale/model-choice.ts';
import { RECIPES, recipeNamed } from './index.ts';
import type { Recipe } from './recipe.ts';

/**
 * What drops may ask for: the recipes, and mixes of recipes by their ids. It also has the weights of priorities, and the
 * shares of models among films whose drop names no model.
 */
export type Menu = {
  readonly recipes: readonly Recipe[];
  readonly mixes: ReadonlyMap<string, readonly string[]>;
  readonly weights: DemandWeights;
  readonly upscaleModels: ModelWeights;
  /** Why the user's recipes are missing, if their file could not be read. */
  readonly fault?: string;
};

export const SHIPPED: Menu = { recipes: RECIPES, mixes: new Map(), weights: DEFAULT_WEIGHTS, upscaleModels: new Map() };

/** A recipe that was asked for, with the settings that are meant for it. */
export type Order = { readonly recipe: Recipe; readonly settings: RawSettings };

/** Returns the orders of a drop: one recipe, or all recipes of a mix. Throws `usage`, which lists both, for other names. */
export function ordersOf(drop: Drop, menu: Menu, asked: RawSettings): readonly (Order & OutputKeys)[] {
  const mix = menu.mixes.get(drop.recipe);
  const recipes = mix ? mix.map((id) => recipeNamed(id, menu.recipes)) : [dropped(drop.recipe, menu)];
  return ordersFor(recipes, asked).map((order) => ({
    ...order,
    ...(mix ? mixedKeys(drop, order.recipe.id) : mirroredKeys(drop)),
  }));
}

/**
 * Returns an order with a model drawn by weight, if neither the drop nor the recipe names one. The model becomes a setting of
 * the job, so that all parts of the job use the same model and new weights change only later jobs.
 */
export function withModel<O extends Order>(order: O, job: string, { upscaleModels }: Menu): O {
  const { recipe, settings } = order;
  if (upscaleModels.size === 0 || !recipe.settings.some((name) => name === 'model')) return order;
  const { model, scale } = resolveSettings(recipe, settings);
  const drawn = model === undefined ? modelByWeight(job, upscaleModels, scale) : undefined;
  return drawn === undefined ? order : { ...order, settings: { ...settings, model: drawn } };
}

/**
 * Returns an order for each recipe. A setting goes to every recipe that takes it, and a codec to every recipe that knows it, as
 * `vj` and `preserve` know none in common. Throws `usage` for a setting that none of several recipes takes. resolveSettings
 * checks values, and the settings of a single recipe.
 */
export function ordersFor(recipes: readonly Recipe[], asked: RawSettings): readonly Order[] {
  if (recipes.length === 1) return recipes.map((recipe) => ({ recipe, settings: asked }));
  const takes = ({ settings }: Recipe, name: string) => settings.some((setting) => setting === name);
  for (const name of Object.keys(asked)) {
    if (recipes.some((recipe) => takes(recipe, name))) continue;
    const there = recipes.map(({ id, settings }) => `${id} (${settings.join(', ')})`).join(', ');
    throw usage(`none of these recipes has a setting "${name}"; they take: ${there}`);
  }
  const knows = (recipe: Recipe, name: string, value: string | number | boolean) =>
    name !== 'codec' || settingOf(recipe, name).parse(String(value)) !== undefined;
  const wanted = (recipe: Recipe, [name, value]: [string, RawSettings[string]]) =>
    takes(recipe, name) &&
    (knows(recipe, name, value) || !recipes.some((each) => takes(each, name) && knows(each, name, value)));
  return recipes.map((recipe) => ({
    recipe,
    settings: Object.fromEntries(Object.entries(asked).filter((each) => wanted(recipe, each))),
  }));
}

function dropped(name: string, { recipes, mixes, fault }: Menu): Recipe {
  const recipe = recipes.find(({ id }) => id === name);
  if (recipe) return recipe;
  if (fault !== undefined) throw usage(`"${name}" is no recipe that ships, and ${fault}`);
  const ofMixes = mixes.size > 0 ? `; mixes: ${[...mixes.keys()].join(', ')}` : '';
  const ids = recipes.map(({ id }) => id);
  throw usage(
    `no recipe "${name}"; there are: ${ids.join(', ')}${ofMixes}${didYouMean(name, [...ids, ...mixes.keys()])}`,
  );
}
