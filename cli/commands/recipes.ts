import { resolve } from 'node:path';
import process from 'node:process';
import { RECIPES } from '../../core/recipes/index.ts';
import { settingOf, settingText } from '../../core/recipes/settings.ts';
import { recipesIn } from '../../runtime/recipes-in.ts';

/** Every recipe with its settings, their ranges and what they are if nobody says. */
export async function recipes(options: { readonly root?: string; readonly json?: boolean }): Promise<number> {
  const list = options.root === undefined ? RECIPES : await recipesIn(resolve(options.root));
  for (const recipe of list) {
    const { id, summary, settings, defaults } = recipe;
    const rows = settings.map((name) => {
      const { range, summary: does } = settingOf(recipe, name);
      return { name, range, summary: does, default: settingText(defaults[name]) };
    });
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ type: 'recipe', id, summary, settings: rows })}\n`);
      continue;
    }
    process.stdout.write(`${id}\n  ${summary}\n`);
    for (const row of rows) {
      const usual = row.default === undefined ? '' : `; ${row.default}`;
      process.stdout.write(`    ${row.name.padEnd(15)} ${row.summary} (${row.range}${usual})\n`);
    }
  }
  return 0;
}
