import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type StartedProgram = {
  readonly child: ChildProcess;
  /** Resolves when stdout holds the text, or what fits the pattern; rejects if the program ends before. */
  says(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
};

/** A real program in a process of its own, its words kept. */
export function startProgram(command: string, args: readonly string[], options: SpawnOptions = {}): StartedProgram {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return {
    child,
    ended,
    says: (text) =>
      until(child, () => (typeof text === 'string' ? said.stdout.includes(text) : text.test(said.stdout))),
  };
}

function until(child: ChildProcess, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => holds() && resolve();
    child.stdout?.on('data', look);
    child.once('close', () => (holds() ? resolve() : reject(new Error('the program ended without saying it'))));
    look();
  });
}
