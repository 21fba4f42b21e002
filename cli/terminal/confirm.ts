import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { usage } from '../../core/errors.ts';
import { widthOf } from '../../runtime/people.ts';
import { fittedText } from './display-width.ts';

/**
 * Asks whether to go on, and returns whether the answer is the word that was asked for. Throws `usage` where nobody can
 * answer, since stdin is not a terminal.
 */
export async function confirmed(question: string, word: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw usage(`${question} Nobody can be asked here; give --yes to confirm it`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const asked = fittedText(`${question} Type "${word}" to go on: `, widthOf(process.stderr));
    return (await terminal.question(asked, { signal })).trim() === word;
  } finally {
    terminal.close();
  }
}
