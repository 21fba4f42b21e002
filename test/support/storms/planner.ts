import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import type { PlanAnswer } from './serve-plans.ts';
import type { Verdict } from './tried.ts';

/** Plans files in one process after the other: `servePlans` in a program of its own, which is started anew when it hangs or dies. */
export type Planner = {
  plan(path: string, limitSeconds: number): Promise<Verdict>;
  close(): Promise<void>;
};

/** A planner is started anew after so many files, lest one that takes memory for each be found by another file. */
const FILES_EACH = 500;

/** `program` runs `servePlans`. */
export function planner(program: readonly string[]): Planner {
  let running: { readonly child: ChildProcessWithoutNullStreams; readonly lines: Interface } | undefined;
  let left = 0;

  const end = async () => {
    if (!running) return;
    const { child } = running;
    running = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.stdin.end();
    await once(child, 'close');
  };
  const begin = () => {
    const child = spawn(process.execPath, program, { stdio: 'pipe' });
    child.stderr.resume();
    child.stdin.on('error', () => {}); // it has died, which its end tells
    left = FILES_EACH;
    running = { child, lines: createInterface({ input: child.stdout }) };
    return running;
  };

  return {
    async plan(path, limitSeconds) {
      if (left <= 0) await end();
      left--;
      const { child, lines } = running ?? begin();
      const begun = performance.now();
      const answer = await new Promise<PlanAnswer | 'hung' | 'died'>((resolve) => {
        const limit = setTimeout(() => {
          resolve('hung');
          child.kill('SIGKILL'); // the watchdog ends what it had started
        }, limitSeconds * 1000);
        const died = () => resolve('died');
        child.once('close', died);
        lines.once('line', (line) => {
          clearTimeout(limit);
          child.off('close', died);
          resolve(JSON.parse(line));
        });
        child.stdin.write(`${path}\n`);
      });
      const seconds = (performance.now() - begun) / 1000;
      if (typeof answer === 'object') {
        const fault = answer.code === 0 || answer.code === 65 ? undefined : `ended with ${answer.code}`;
        return { ...answer, seconds, ...(fault && { fault }) };
      }
      running = undefined;
      return { code: null, seconds, fault: answer };
    },
    close: end,
  };
}
