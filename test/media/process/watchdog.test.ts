import { describe, expect, it } from '@jest/globals';
import { bundled } from '../../fixtures/bundled.ts';
import { hasEnded } from '../../support/processes.ts';
import { startProgram } from '../../support/started-program.ts';

describe('the watchdog', () => {
  it('ends a program of whose id it could not be told before we were killed', async () => {
    const script = await bundled(`
      import { spawn } from 'node:child_process';
      import { startWatchdog } from './media/process/watchdog.ts';
      const env = { ...process.env, ...startWatchdog() };
      const program = spawn('sleep', ['600'], { env, stdio: 'ignore', detached: true });
      process.stdout.write(String(program.pid), () => process.kill(process.pid, 'SIGKILL'));
    `);
    const { signal, stdout } = await startProgram(process.execPath, [script]).ended;
    expect({ signal, pid: Number(stdout) }).toEqual({ signal: 'SIGKILL', pid: expect.any(Number) });
    await hasEnded(Number(stdout));
  });
});
