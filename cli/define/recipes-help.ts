import type { Command } from 'commander';
import { RECIPES } from '../../core/recipes/index.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { settingOf, settingText } from '../../core/settings/settings.ts';

/** Adds to the help of commands that take a recipe which ones there are, or the settings of those that are named. */
export function addRecipesToHelp(program: Command): void {
  for (const command of program.commands) {
    if (!command.options.some(({ long }) => long === '--recipe')) continue;
    command.addHelpText('after', () => {
      const names: unknown = command.opts().recipe;
      const asked = Array.isArray(names) ? names.flatMap((name) => String(name).split(',')) : [];
      const named = RECIPES.filter(({ id }) => asked.includes(id));
      return named.length > 0 ? named.map(settingsOf).join('\n') : list(command.name());
    });
  }
}

const list = (command: string) =>
  `\nRecipes (reelmill ${command} --recipe <recipe> --help shows its settings):\n${RECIPES.map(({ id, summary }) => `  ${id.padEnd(10)} ${summary}`).join('\n')}`;

function settingsOf(recipe: Recipe): string {
  const rows = recipe.settings.map((name) => {
    const { range, summary } = settingOf(recipe, name);
    const usual = settingText(recipe.defaults[name]);
    return `  ${name.padEnd(15)} ${summary} (${range}${usual === undefined ? '' : `; ${usual}`})`;
  });
  return `\nSettings of ${recipe.id}, for --set:\n${rows.join('\n')}`;
}
