import { resolve } from 'node:path';
import process from 'node:process';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { settingOf, settingText } from '../../core/settings/settings.ts';
import { menuIn } from '../../runtime/menu-in.ts';
import { widthOf } from '../../runtime/people.ts';
import { fittedText } from '../terminal/display-width.ts';
import { fittedHelp } from '../terminal/fitted-help.ts';

/** Where nobody says how wide it is, as in a file, lines have so many columns at most. */
const LOG_COLUMNS = 120;

/** Lists every recipe with its settings, their ranges and defaults, and then the mixes. */
export async function recipes(options: { readonly root?: string; readonly json?: boolean }): Promise<number> {
  const menu = options.root === undefined ? SHIPPED : await menuIn(resolve(options.root));
  const width = widthOf(process.stdout) ?? LOG_COLUMNS;
  for (const recipe of menu.recipes) {
    const { id, summary, settings, defaults } = recipe;
    const rows = settings.map((name) => {
      const { range, summary: does } = settingOf(recipe, name);
      return { name, range, summary: does, default: settingText(defaults[name]) };
    });
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ type: 'recipe', id, summary, settings: rows })}\n`);
      continue;
    }
    process.stdout.write(`${id}\n${fittedText(`  ${summary}`, width)}\n`);
    for (const row of rows) {
      const usual = row.default === undefined ? '' : `; ${row.default}`;
      const line = `    ${row.name.padEnd(15)} ${row.summary} (${row.range}${usual})`;
      process.stdout.write(`${fittedHelp(line, width)}\n`);
    }
  }
  for (const [id, recipes] of menu.mixes) {
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ type: 'mix', id, recipes })}\n`
        : `${id}\n${fittedText(`  a mix of ${recipes.join(', ')}`, width)}\n`,
    );
  }
  return 0;
}
