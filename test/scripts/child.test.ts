import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';

const TIDY = `process.once('SIGTERM', () => { console.log('tidied'); process.exit(7); });
  setInterval(() => {}, 1000); console.log('ready');`;

/** A script that runs another program and then says how that ended. */
const script = (body: string) =>
  startProgram(process.execPath, [
    '--input-type=module',
    '-e',
    `import { capture, runHere } from '${resolve('scripts/child.mjs')}';\n${body}`,
  ]);

const json = (value: unknown) => JSON.stringify(value);

describe('running another program here', () => {
  it.each([
    { program: 'process.exit(65)', code: 65 },
    { program: "process.kill(process.pid, 'SIGKILL')", code: 137 },
  ])('gives $code after $program', async ({ program, code }) => {
    const run = script(`console.log(await runHere(process.execPath, ['-e', ${json(program)}]));`);
    expect(await run.ended).toMatchObject({ code: 0, stdout: `${code}\n` });
  });

  it('passes SIGTERM on and waits', async () => {
    const run = script(`console.log(await runHere(process.execPath, ['-e', ${json(TIDY)}]));`);
    await run.says('ready');
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0, stdout: 'ready\ntidied\n7\n' });
  });
});

describe('running another program quietly', () => {
  it('keeps what it says', async () => {
    const program = "console.log('out'); console.error('err'); process.exitCode = 3";
    const run = script(`console.log(JSON.stringify(await capture(process.execPath, ['-e', ${json(program)}])));`);
    expect((await run.ended).stdout).toBe('{"code":3,"stdout":"out\\n","stderr":"err\\n"}\n');
  });

  it('ends by the signal that ended the program', async () => {
    const run = script(`setTimeout(() => console.log('started'), 200);
      await capture(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log('went on');`);
    await run.says('started');
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: null, signal: 'SIGTERM', stdout: 'started\n' });
  });

  it('ends a program that takes too long', async () => {
    const run =
      script(`const { code } = await capture(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 });
      console.log(code);`);
    expect(await run.ended).toMatchObject({ code: 0, stdout: '137\n' });
  });
});
