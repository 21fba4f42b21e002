import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { watchdogProgram } from '../../../media/process/watchdog-program.ts';

const sleepers: ChildProcess[] = [];
const sleeper = () => {
  const child = spawn('sleep', ['600']);
  sleepers.push(child);
  return child;
};

afterEach(() => {
  for (const child of sleepers.splice(0)) child.kill('SIGKILL');
});

describe.each([
  { of: "the system's shell", hasShell: true },
  { of: 'Node.js', hasShell: false },
])('the watchdog of $of', ({ hasShell }) => {
  it('ends all programs that it was told of, and none that had ended by itself, when its input ends', async () => {
    const [first, gone, last] = [sleeper(), sleeper(), sleeper()];
    const [command, ...args] = watchdogProgram(hasShell);
    const watchdog = spawn(command, args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const told = [`+${first.pid}`, `+${gone.pid}`, `-${gone.pid}`, '-1234567890', `+${last.pid}`];
    const ends = [first, last].map((child) => once(child, 'exit'));
    watchdog.stdin.end(`${told.join('\n')}\n`);
    expect(await Promise.all(ends)).toEqual([
      [null, 'SIGKILL'],
      [null, 'SIGKILL'],
    ]);
    if (watchdog.exitCode === null) await once(watchdog, 'exit');
    expect(gone).toMatchObject({ exitCode: null, signalCode: null });
  });
});
