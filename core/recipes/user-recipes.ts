import * as z from 'zod/mini';
import { usage } from '../errors.ts';
import { RECIPE_ID, RESERVED_IDS, USER_RECIPES_KEY } from '../job/drop.ts';
import { DEFAULT_WEIGHTS } from '../renditions/priority.ts';
import { type RawSettings, resolveSettings } from '../settings/settings.ts';
import { MODEL_IDS } from '../upscale/enlargement.ts';
import { ownModel, ownModels } from '../upscale/own-models.ts';
import type { UsableModel } from '../upscale/usable-model.ts';
import { RECIPES, recipeNamed } from './index.ts';
import type { Menu } from './menu.ts';
import type { Recipe } from './recipe.ts';

const settings = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false'),
  'must be an object: { "<setting>": <value> }',
);

const entry = z.strictObject(
  {
    extends: z.string('must be the id of a recipe that ships, as a text'),
    summary: z.optional(z.string('must be a text')),
    settings: z.optional(settings),
    remakeOn: z.optional(z.literal('tools', 'must be "tools", or left out')),
  },
  fields('extends, summary, settings, remakeOn'),
);

const mix = z
  .array(z.string('must be the id of a recipe, as a text'), 'must be a list of ids of recipes')
  .check(z.minLength(1, 'names no recipe'));

const weight = (usual: number) =>
  z._default(z.number('must be a number').check(z.minimum(0, 'must be 0 or more')), usual);
const weights = z.strictObject(
  {
    view: weight(DEFAULT_WEIGHTS.view),
    download: weight(DEFAULT_WEIGHTS.download),
    recent: weight(DEFAULT_WEIGHTS.recent),
    recentDays: weight(DEFAULT_WEIGHTS.recentDays),
  },
  fields('view, download, recent, recentDays'),
);

const shares = z
  .record(
    z.string(),
    z.number('must be a number').check(z.minimum(0, 'must be 0 or more')),
    'must be an object: { "<model>": <share> }',
  )
  .check(z.refine((each) => Object.values(each).some((share) => share > 0), 'gives no model a share'));

const userRecipesFile = z
  .strictObject(
    {
      recipes: z.optional(z.record(z.string(), entry, 'must be an object: { "<id>": { "extends": "<recipe>" } }')),
      mixes: z.optional(z.record(z.string(), mix, 'must be an object: { "<id>": ["<recipe>", "<recipe>"] }')),
      priority: z.optional(weights),
      upscaleModels: z.optional(shares),
      models: z.optional(z.record(z.string(), ownModel, 'must be an object: { "<id>": { "sha256": ... } }')),
    },
    fields('recipes, mixes, priority, upscaleModels, models'),
  )
  .check(
    z.refine(
      (file) => Object.keys(file).length > 0,
      'has neither recipes nor mixes nor priority nor upscaleModels nor models',
    ),
  );

const dropSettingsFile = z.strictObject({ settings }, fields('settings'));

/**
 * Returns what ships together with what a user's `recipes.json` adds: recipes with other defaults, mixes, and networks.
 * Throws `usage`, which names the file, the key and what is allowed.
 */
export function userMenu(bytes: Uint8Array): Menu {
  const file = parsed(userRecipesFile, bytes, USER_RECIPES_KEY);
  const models = within(USER_RECIPES_KEY, () => ownModels(file.models ?? {}));
  const base = models.length === 0 ? RECIPES : RECIPES.map((recipe) => withModels(recipe, models));
  const recipes = [...base, ...ownRecipes(file.recipes ?? {}, base)];
  const mixes = new Map(Object.entries(file.mixes ?? {}).map(([id, ids]) => [id, mixOf(id, ids, recipes)]));
  return {
    recipes,
    mixes,
    weights: file.priority ?? DEFAULT_WEIGHTS,
    upscaleModels: sharesOf(file.upscaleModels ?? {}),
  };
}

function sharesOf(shares: Readonly<Record<string, number>>): Menu['upscaleModels'] {
  for (const id of Object.keys(shares)) {
    if (MODEL_IDS.includes(id)) continue;
    throw usage(`${USER_RECIPES_KEY}: upscaleModels: no model "${id}"; there are: ${MODEL_IDS.join(', ')}`);
  }
  return new Map(Object.entries(shares));
}

const withModels = (recipe: Recipe, ownModels: readonly UsableModel[]): Recipe =>
  recipe.makes === 'enlarged' ? { ...recipe, ownModels } : recipe;

function ownRecipes(own: Readonly<Record<string, z.infer<typeof entry>>>, shipped: readonly Recipe[]) {
  return Object.entries(own).map(([id, { extends: base, summary, settings: asked = {}, remakeOn }]): Recipe => {
    const at = `${USER_RECIPES_KEY}: recipes.${id}`;
    refuseId(at, id);
    if (shipped.some((recipe) => recipe.id === id))
      throw usage(`${at}: "${id}" ships with Reelmill; choose another id`);
    const parent = shipped.find((recipe) => recipe.id === base);
    if (!parent)
      throw usage(`${at}.extends: no recipe "${base}"; there are: ${shipped.map((recipe) => recipe.id).join(', ')}`);
    return {
      ...parent,
      id,
      summary: summary ?? parent.summary,
      defaults: within(`${at}.settings`, () => resolveSettings(parent, asked)),
      ...(remakeOn && { remakeOn }),
    };
  });
}

function mixOf(id: string, ids: readonly string[], recipes: readonly Recipe[]): readonly string[] {
  const at = `${USER_RECIPES_KEY}: mixes.${id}`;
  refuseId(at, id);
  if (recipes.some((recipe) => recipe.id === id)) throw usage(`${at}: "${id}" is a recipe; choose another id`);
  const twice = ids.find((each, i) => ids.indexOf(each) !== i);
  if (twice !== undefined) throw usage(`${at}: it names "${twice}" twice; leave one out`);
  for (const each of ids) within(at, () => recipeNamed(each, recipes));
  return ids;
}

function refuseId(at: string, id: string): void {
  if (!RECIPE_ID.test(id)) throw usage(`${at}: an id takes a-z, 0-9 and -, at most 40 of them`);
  if (RESERVED_IDS.includes(id)) throw usage(`${at}: "${id}" is the name of one of our folders; choose another`);
}

/** Reads the settings in `<file>.reelmill.json`. Throws `usage`. resolveSettings checks whether the recipe takes them. */
export function dropSettings(bytes: Uint8Array, key: string): RawSettings {
  return parsed(dropSettingsFile, bytes, key).settings;
}

function parsed<T>(schema: z.ZodMiniType<T>, bytes: Uint8Array, file: string): T {
  const result = schema.safeParse(within(file, () => jsonFrom(bytes)));
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    ({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`,
  );
  throw usage(`${file}: ${lines.join('; ')}`);
}

/** Parses JSON in UTF-8. A byte order mark, which editors on Windows write, is ignored. */
function jsonFrom(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw usage(`${place}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

function fields(names: string) {
  const error = (issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType | z.core.$ZodIssueUnrecognizedKeys>) =>
    issue.code === 'unrecognized_keys'
      ? `has no "${issue.keys.join('", "')}"; there are: ${names}`
      : `must be an object with: ${names}`;
  return { error };
}
