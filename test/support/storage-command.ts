import { jest } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { defineStorage } from '../../cli/define/define-storage.ts';
import { asServiceError, FAILURES } from '../../core/errors.ts';

/** The command in this process, by the definitions that the real one has: seventy processes would take a minute. */
export async function storageCommand(args: readonly string[]) {
  let [code, stdout, stderr] = [0, '', ''];
  const program = new Command('reelmill').exitOverride().configureOutput({ writeErr: (text) => (stderr += text) });
  defineStorage(program.command('storage'), {
    load: () => import('../../cli/commands/storage.ts'),
    exit: (each) => {
      code = each;
    },
  });
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    await program.parseAsync(['node', 'reelmill', 'storage', ...args]);
  } catch (error) {
    const failure = asServiceError(error);
    code = error instanceof CommanderError ? FAILURES.usage.exit : failure.exitCode;
    if (!(error instanceof CommanderError)) stderr += failure.message;
  } finally {
    write.mockRestore();
  }
  return { code, stdout, stderr };
}
