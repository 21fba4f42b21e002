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
  /** The first line of stdout, when it is whole; rejects if the program ends before. */
  line(): Promise<string>;
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
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const look = () => holds() && resolve();
      child.stdout?.on('data', look);
      ended.then(() => (holds() ? resolve() : reject(new Error('the program ended without saying it'))), reject);
      look();
    });
  const says = (text: string | RegExp) =>
    until(() => (typeof text === 'string' ? said.stdout.includes(text) : text.test(said.stdout)));
  const line = async () => {
    await says('\n');
    return said.stdout.slice(0, said.stdout.indexOf('\n'));
  };
  return { child, ended, says, line };
}
