import type { AnswerOf, BodyRead } from '../../core/api/routes.ts';
import { ordersOf } from '../../core/recipes/menu.ts';
import { settingOf, settingText } from '../../core/settings/settings.ts';
import { planFigures } from '../plan/plan-figures.ts';
import type { ApiPorts } from './api-ports.ts';
import { showHouse } from './house.ts';

/** Returns the recipes with their settings, the mixes, and which of them a page proposes. */
export async function listRecipes(ports: Pick<ApiPorts, 'menu' | 'house'>): Promise<AnswerOf<'recipes'>> {
  const { recipes, mixes } = await ports.menu();
  const { defaultRecipe } = await showHouse(ports);
  const ids = [...recipes.map(({ id }) => id), ...mixes.keys()];
  return {
    recipes: recipes.map((recipe) => ({
      id: recipe.id,
      summary: recipe.summary,
      settings: recipe.settings.map((name) => {
        const { summary, range } = settingOf(recipe, name);
        const usual = settingText(recipe.defaults[name]);
        return { name, summary, range, ...(usual !== undefined && { default: usual }) };
      }),
    })),
    mixes: [...mixes].map(([id, of]) => ({ id, recipes: [...of] })),
    usual: ids.includes(defaultRecipe) ? defaultRecipe : (ids[0] ?? defaultRecipe),
  };
}

/** Returns what a film of these figures would take and become. Throws `usage` for settings that are not possible. */
export async function planFilm(
  { recipe, settings = {}, film }: BodyRead<'plan'>,
  { menu, about }: Pick<ApiPorts, 'menu' | 'about'>,
): Promise<AnswerOf<'plan'>> {
  const { width, height, fps, seconds, bytes } = film;
  const planned = ordersOf({ recipe, path: 'film' }, await menu(), settings).map((order) => ({
    recipe: order.recipe.id,
    ...planFigures({ width, height, fps, minutes: seconds / 60 }, order, about.cores),
  }));
  const renditions = planned.flatMap((each) =>
    each.renditions.map(({ name, parent, codec, width: w, height: h, estimate: made }) => {
      const { seconds: work, outputBytes, diskBytes, usd } = made;
      const estimate = { seconds: work, outputBytes, diskBytes, usd };
      return { recipe: each.recipe, name, parent, codec, width: w, height: h, estimate };
    }),
  );
  const sum = (part: 'seconds' | 'outputBytes' | 'diskBytes' | 'usd') =>
    renditions.reduce((total, { estimate }) => total + estimate[part], 0);
  const total = {
    seconds: sum('seconds'),
    outputBytes: sum('outputBytes'),
    diskBytes: sum('diskBytes'),
    usd: sum('usd'),
  };
  const warnings = planned.flatMap((each) => each.warnings);
  const isLarger = bytes !== undefined && bytes > 0 && total.outputBytes > bytes;
  return { renditions, total, warnings: isLarger ? [...warnings, LARGER] : warnings };
}

const LARGER = 'the renditions together are expected to be larger than the file';
