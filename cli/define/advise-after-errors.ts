import type { Command } from 'commander';

/** Adds to the usage errors of a command and of those below it what to type next. */
export function adviseAfterErrors(command: Command, path = command.name()): void {
  const isAboutRecipes = command.options.some(({ long }) => long === '--recipe');
  const recipes = isAboutRecipes ? '; reelmill recipes lists what can be made' : '';
  command.showHelpAfterError(`(see ${path} --help${recipes})`);
  for (const each of command.commands) adviseAfterErrors(each, `${path} ${each.name()}`);
}
