import type { Command } from 'commander';
import type { OptionDefault } from '../../core/option-defaults.ts';

type Options = { readonly cores?: string; readonly nice?: string; readonly verbose?: boolean };

/** Tells with -v which defaults hold, and takes the share of the machine that was asked for. */
export async function beforeCommand(command: Command, defaults: readonly OptionDefault[]): Promise<void> {
  const { cores, nice = usualNice(command), verbose } = command.opts<Options>();
  if (verbose && defaults.length > 0) (await import('../telling/tell-defaults.ts')).tellDefaults(command, defaults);
  if (cores === undefined && nice === '0') return;
  await (await import('../arguments/machine-share.ts')).shareOf(cores, nice);
}

/** Watching is for the background, so that it makes room for others unless it is told not to. */
const usualNice = (command: Command) => (command.name() === 'watch' ? '10' : '0');
