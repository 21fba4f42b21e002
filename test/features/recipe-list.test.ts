import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RECIPE_ID, RESERVED_IDS } from '../../core/job/drop.ts';
import { RECIPES } from '../../core/recipes/index.ts';
import { needsOf } from '../../core/recipes/needs-of.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { resolveSettings, SETTINGS, settingText } from '../../core/settings/settings.ts';

const IDS = RECIPES.map(({ id }) => id);

/** What CONTRIBUTING's list for a recipe says, held for every recipe of the index. */
describe('every recipe', () => {
  it.each(IDS)('%s has its file, its row in the README and its goldens', (id) => {
    expect(existsSync(join('core', 'recipes', `${id}.ts`))).toBe(true);
    expect(readFileSync('README.md', 'utf8')).toMatch(
      new RegExp(`^\\| (\\[\`${id}\`\\]\\([\\w/.]+\\)|\`${id}\`) \\| `, 'm'),
    );
    const goldens = readFileSync('test/core/encode/__snapshots__/encode-args.test.ts.snap', 'utf8');
    expect(goldens).toContain(` by ${id} `);
  });

  it.each(RECIPES)('$id has a name that is none of our folders, and renditions of different names', (recipe) => {
    expect(recipe.id).toMatch(RECIPE_ID);
    expect(RESERVED_IDS).not.toContain(recipe.id);
    const names = recipe.renditions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { parent } of recipe.renditions) expect(['source', ...names]).toContain(parent);
  });

  it.each(RECIPES)(
    '$id has defaults among its settings, which read as they are written, and make something',
    (recipe) => {
      const defaults = Object.entries(recipe.defaults);
      for (const [name] of defaults) expect(recipe.settings).toContain(name);
      const written = Object.fromEntries(recipe.settings.map((name) => [name, settingText(recipe.defaults[name])]));
      const asked = Object.fromEntries(
        Object.entries(written).flatMap(([k, text]) => (text ? [[k, text] as const] : [])),
      );
      expect(resolveSettings({ ...recipe, defaults: {} }, asked)).toEqual(recipe.defaults);
      expect(candidates(recipe, recipe.defaults)).not.toHaveLength(0);
    },
  );

  it.each(RECIPES)('$id says what its work is, and where', (recipe) => {
    const needs = needsOf(recipe, recipe.defaults, {});
    expect(needs.work).toBeGreaterThan(0);
    expect(needs.engine === 'network').toBe(recipe.renditions.some((rendition) => 'enlarge' in rendition));
  });

  it('takes settings that there are, and each setting is taken by one', () => {
    const taken = new Set<string>(RECIPES.flatMap(({ settings }) => settings));
    expect([...taken].sort()).toEqual(Object.keys(SETTINGS).sort());
  });
});

const PRODUCT = ['app', 'core', 'adapters', 'media', 'runtime', 'functions', 'tasks', 'cli'];
const sources = PRODUCT.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !(folder === 'core' && path.startsWith('recipes')))
    .map((path) => join(folder, path)),
);

/** Files in which such a word is something else. */
const NO_LOOK_UP = {
  'adapters/local/sqlite-job-listing.ts': 'the column "recipe" of the job table',
  'app/api/house.ts': 'the recipe that a house proposes until it chooses one',
  'cli/define/define-sample.ts': 'the recipe that a sample is of unless another is named',
  'cli/commands/sample.ts': 'lists of one recipe',
  'cli/storage/diet.ts': 'the setting and the column "mezzanine"',
  'core/subtitles/read-ttml.ts': 'the value of the attribute xml:space',
};

describe('the id of a recipe', () => {
  it('is looked at nowhere but in core/recipes: what a recipe says, one that extends it says too', () => {
    // a setting of this name is no recipe
    const quoted = new RegExp(`(?<!Settings\\[)['"\`](${IDS.join('|')})['"\`]`);
    const isComment = /^\s*(\/\/|\/?\*)/;
    const looksUp = /\[[\w.]*recipe(\.id)?\]/;
    const lines = sources.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          !isComment.test(line) && (quoted.test(line) || looksUp.test(line)) ? [`${path}:${i + 1} ${line.trim()}`] : [],
        ),
    );
    expect(sources.length).toBeGreaterThan(300);
    expect(lines.filter((line) => !Object.keys(NO_LOOK_UP).some((path) => line.startsWith(`${path}:`)))).toEqual([]);
  });
});
