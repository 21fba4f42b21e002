import process from 'node:process';
import type { Command } from 'commander';
import { usage } from '../../core/errors.ts';
import { completionScript, SHELLS } from '../completion/completion-script.ts';
import { printable } from '../terminal/printable.ts';

/** Prints the script by which a shell completes the command. Returns the exit code; throws `usage` for a shell that is not known. */
export function completion(program: Command, name: string): number {
  const shell = SHELLS.find((each) => each === name);
  if (shell === undefined)
    throw usage(`there is no completion for "${printable(name)}"; there is one for ${SHELLS.join(', ')}`);
  process.stdout.write(completionScript(program, shell));
  return 0;
}
