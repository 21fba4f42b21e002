import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';
import { commandPath } from './command-path.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type HeldFfmpeg = {
  /** The environment in which `ffmpeg` is the one that waits. */
  readonly env: Readonly<Record<string, string>>;
  /** Programs by which another one is run so that its `ffmpeg` is the one that waits. */
  readonly under: readonly string[];
  /** Resolves when the next of them waits, with its process id, which stays that of the ffmpeg that it becomes. */
  waits(): Promise<number>;
  /** Lets so many of them go on, those that wait or those that will. */
  letGo(count: number): void;
  /** Lets all of them go on. */
  open(): void;
};

const opened: { close(): void }[] = [];
afterAll(() => {
  for (const each of opened.splice(0)) each.close();
});

/**
 * An ffmpeg that waits at its start for the test, so that what the test does comes while a program works, however quick or
 * slow the machine is. It waits if its arguments, written in one line, fit a pattern of the shell: `*film.mp4*libx265*`.
 */
export async function heldFfmpeg(where: string): Promise<HeldFfmpeg> {
  const folder = await temporaryFolder();
  await promisify(execFile)('mkfifo', [join(folder, 'waiting'), join(folder, 'go')]);
  // Opened for reading and writing, neither side of a pipe waits for the other, or ends with it.
  const open = (name: string) => openSync(join(folder, name), constants.O_RDWR | constants.O_NONBLOCK);
  const waiting = new Socket({ fd: open('waiting'), readable: true }).unref();
  const go = open('go');
  const lines = createInterface({ input: waiting });
  const pids: number[] = [];
  lines.on('line', (line) => pids.push(Number(line)));
  const env = {
    PATH: [join(process.cwd(), 'test/programs/held'), process.env.PATH].join(delimiter),
    HELD_FFMPEG: await commandPath('ffmpeg'),
    HELD_FOLDER: folder,
    HELD_WHERE: where,
  };
  const held: HeldFfmpeg & { close(): void } = {
    env,
    under: ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    async waits() {
      for (;;) {
        const pid = pids.shift();
        if (pid !== undefined) return pid;
        await once(lines, 'line');
      }
    },
    letGo: (count) => void writeSync(go, '\n'.repeat(count)),
    open() {
      writeFileSync(join(folder, 'open'), '');
      writeSync(go, '\n'.repeat(1_000));
    },
    close() {
      writeSync(go, '\n'.repeat(1_000)); // the folder may be removed already
      lines.close();
      waiting.destroy();
      closeSync(go);
    },
  };
  opened.push(held);
  return held;
}
