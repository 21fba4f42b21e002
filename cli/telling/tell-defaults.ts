import type { Command } from 'commander';
import type { OptionDefault } from '../../core/option-defaults.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

/** Tells which defaults hold for a command, and where each comes from: not those that the command line overrules. */
export function tellDefaults(command: Command, found: readonly OptionDefault[]): void {
  for (const { option, value, from } of found) {
    const attribute = command.options.find((each) => each.name() === option.name)?.attributeName() ?? option.name;
    const now: unknown = command.getOptionValue(attribute);
    const isTyped = command.getOptionValueSource(attribute) === 'cli';
    const holding =
      typeof value === 'object' && Array.isArray(now) ? value.filter((each) => now.includes(each)) : value;
    const holds = typeof holding === 'object' ? holding.length > 0 : !isTyped;
    if (holds) say(`--${option.name} is ${printable(JSON.stringify(holding))} from ${printable(from)}`);
  }
}
