import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { ServiceError } from '../../../core/errors.ts';
import { ProcessError } from '../../../media/process/process-error.ts';
import { type ProcessOptions, runProcess } from '../../../media/process/run-process.ts';
import { hasEnded, isRunning } from '../../support/processes.ts';

const program = (name: string) => fileURLToPath(new URL(`../../programs/${name}.mjs`, import.meta.url));
const never = new AbortController().signal;
const run = (name: string, args: readonly string[] = [], options: Partial<ProcessOptions> = {}) =>
  runProcess(process.execPath, [program(name), ...args], { signal: never, ...options });
const thrown = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the output', () => {
  it('is the text of stdout and the tail of stderr', async () => {
    const result = await run('writes-pipes');
    expect(result).toEqual({ stdout: 'one\r\ntwo\n\nthree', stderrTail: [] });
  });

  it('comes by lines on request, also from further pipes and with characters cut in two', async () => {
    const seen: string[] = [];
    const note = (name: string) => (line: string) => seen.push(`${name} ${line}`);
    const { stdout } = await run('writes-pipes', ['4'], { onStdoutLine: note('1:'), extraPipes: { 4: note('4:') } });
    expect(stdout).toBe('');
    expect(seen.filter((line) => line.startsWith('1:'))).toEqual(['1: one', '1: two', '1: ', '1: three']);
    expect(seen.filter((line) => line.startsWith('4:'))).toEqual(['4: pipe 4 é', '4: end']);
  });

  it('comes as bytes from further pipes, whose streams end with the process', async () => {
    const pipes = { 4: new PassThrough(), 6: new PassThrough() };
    const read = Promise.all([buffer(pipes[4]), buffer(pipes[6])]);
    await run('writes-pipes', ['4', '6'], { stdout: 'ignore', bytePipes: pipes });
    expect((await read).map(String)).toEqual(['pipe 4 é\nend', 'pipe 6 é\nend']);
  });

  it('ends the streams of further pipes with the failure of the process', async () => {
    const pipe = new PassThrough();
    const read = thrown(buffer(pipe));
    const error = await thrown(run('noop-fail', ['x'], { bytePipes: { 4: pipe } }));
    expect(error).toBeInstanceOf(ProcessError);
    expect(await read).toBe(error);
  });

  it('has the last 50 lines of stderr only, none longer than 1000 characters, without overwritten progress', async () => {
    const { stderrTail } = await run('noisy-stderr');
    expect(stderrTail).toHaveLength(50);
    expect(stderrTail.at(-1)).toBe('the last word');
    expect(stderrTail.at(-3)).toBe('warning 9999');
    expect(Math.max(...stderrTail.map((line) => line.length))).toBe(1000);
  });

  it('shows that arguments are passed unchanged, whatever they hold', async () => {
    const odd = ['a b', '"\'`', '$HOME; rm -rf *', 'line\nbreak', '', '--', 'ü'];
    const { stdout } = await runProcess(
      process.execPath,
      ['-p', 'JSON.stringify(process.argv.slice(1))', '--', ...odd],
      {
        signal: never,
      },
    );
    expect(JSON.parse(stdout)).toEqual(odd);
  });
});

describe('a failure', () => {
  it('names the command, the exit code and the last lines of stderr', async () => {
    const error = await thrown(run('noop-fail', ['x']));
    expect(error).toBeInstanceOf(ProcessError);
    expect(error).toMatchObject({
      command: process.execPath,
      args: [program('noop-fail'), 'x'],
      exitCode: 3,
      signal: undefined,
      stderrTail: ['opening the door', 'the door is locked'],
      message: `${process.execPath} exited with 3: the door is locked`,
    });
  });

  it('names the signal if there was one', async () => {
    const error = await thrown(
      runProcess(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'], { signal: never }),
    );
    expect(error).toMatchObject({ name: 'ProcessError', exitCode: undefined, signal: 'SIGKILL' });
  });

  it('is missing-tool if the program does not exist', async () => {
    const error = await thrown(runProcess('no-such-program', [], { signal: never }));
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code: 'missing-tool', details: { command: 'no-such-program' } });
  });

  it('is not missing-tool if the working directory does not exist', async () => {
    const error = await thrown(run('noop-fail', [], { cwd: join(tmpdir(), 'no-such-folder') }));
    expect(error).toBeInstanceOf(ProcessError);
  });

  it('of a reader of lines ends the process and is thrown', async () => {
    const bug = new Error('cannot read this');
    const refuse = () => {
      throw bug;
    };
    expect(await thrown(run('forever', [], { onStdoutLine: refuse }))).toBe(bug);
  });
});

describe('an abort', () => {
  it.each(['forever', 'ignores-sigterm'])('ends %s, and the promise waits for it', async (name) => {
    const controller = new AbortController();
    let pid = 0;
    const started = run(name, [], {
      signal: controller.signal,
      onStdoutLine: (line) => {
        pid = Number(line);
        controller.abort();
      },
    });
    expect(await thrown(started)).toMatchObject({ name: 'ServiceError', code: 'interrupted', exitCode: 130 });
    expect(isRunning(pid)).toBe(false);
  });

  it('before the start prevents the start', async () => {
    const error = await thrown(runProcess('no-such-program', [], { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'interrupted' });
  });

  it('ends a process whose output nobody reads', async () => {
    const controller = new AbortController();
    const stalled = new Writable({ write: () => controller.abort() });
    const error = await thrown(run('writes-bytes', ['50'], { signal: controller.signal, stdout: stalled }));
    expect(error).toMatchObject({ code: 'interrupted' });
    expect(stalled.destroyed).toBe(true);
  });

  it('ends the wait for a reader that takes no more after the process has ended', async () => {
    const abort = new AbortController();
    const stdout = new PassThrough();
    const end = stdout.end.bind(stdout);
    // the process has ended, and what it wrote lies in the stream
    stdout.end = (() => {
      setImmediate(() => abort.abort());
      return end();
    }) as typeof stdout.end;
    const print = 'process.stdout.write(Buffer.alloc(20_000))';
    const running = runProcess(process.execPath, ['-e', print], { signal: abort.signal, stdout });
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a stream of bytes', () => {
  it('is not read faster than its reader consumes it', async () => {
    let written = 0;
    let release = () => {};
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        release = done;
      },
    });
    const running = run('writes-bytes', ['100'], { stdout: slow, onStderrLine: (line) => (written = Number(line)) });
    let before = -1;
    while (written === 0 || before !== written) {
      before = written;
      await sleep(300);
    }
    expect(written).toBeLessThan(20);
    slow._write = (_chunk, _encoding, done) => done();
    release();
    await running;
    expect(written).toBe(100);
    expect(slow.writableFinished).toBe(true);
  });

  it('goes completely from one process into another', async () => {
    const between = new PassThrough();
    const [, counted] = await Promise.all([
      run('writes-bytes', ['128'], { stdout: between }),
      run('counts-stdin', [], { stdin: between }),
    ]);
    expect(counted.stdout).toBe(`${8 << 20}`);
  });

  it('of a process that fails does not end as if it were complete', async () => {
    const between = new PassThrough();
    const read = thrown(buffer(between));
    expect(await thrown(run('writes-bytes', ['1', '9'], { stdout: between }))).toMatchObject({ exitCode: 9 });
    expect(await read).toMatchObject({ name: 'ProcessError', exitCode: 9 });
  });

  it('may be left unread by a process that has enough, and its source is closed', async () => {
    let closed = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(1 << 16);
      } finally {
        closed = true;
      }
    }
    const { stdout } = await run('counts-stdin', ['100000'], { stdin: endless() });
    expect(Number(stdout)).toBeGreaterThanOrEqual(100_000);
    await until(() => closed);
  });

  it('whose source fails ends the process, and that error is thrown', async () => {
    const bug = new Error('no more frames');
    async function* failing() {
      yield Buffer.alloc(10);
      throw bug;
    }
    expect(await thrown(run('counts-stdin', [], { stdin: failing() }))).toBe(bug);
  });

  it.each([1, 4])(
    'whose reader has enough of output %d ends the process, which is neither a failure nor an interruption',
    async (fd) => {
      const pipe = new PassThrough();
      const first = async () => {
        for await (const chunk of pipe) return chunk.length > 0;
        return false;
      };
      const endless = `for (;;) require("fs").writeSync(${fd}, Buffer.alloc(65536))`;
      const to = fd === 1 ? { stdout: pipe } : { bytePipes: { 4: pipe } };
      const running = runProcess(process.execPath, ['-e', endless], { signal: never, ...to });
      expect(await Promise.all([first(), thrown(running)])).toEqual([true, undefined]);
    },
  );

  it('whose reader throws ends the process, and only the reader tells why', async () => {
    const pipe = new PassThrough();
    const bug = new Error('no room');
    const refuse = async () => {
      for await (const _ of pipe) throw bug;
    };
    const running = run('writes-bytes', ['50'], { stdout: pipe });
    expect(await Promise.all([thrown(refuse()), thrown(running)])).toEqual([bug, undefined]);
  });

  it('of which another was left by its reader does not end as if it were complete', async () => {
    const [left, other] = [new PassThrough(), new PassThrough()];
    const first = async () => {
      for await (const _ of left) return;
    };
    const read = thrown(buffer(other));
    const both = 'for (;;) for (const fd of [4, 5]) require("fs").writeSync(fd, Buffer.alloc(65536))';
    const pipes = { stdout: 'ignore', bytePipes: { 4: left, 5: other } } as const;
    const running = runProcess(process.execPath, ['-e', both], { signal: never, ...pipes });
    expect(await Promise.all([first(), thrown(running)])).toEqual([undefined, undefined]);
    expect(await read).toBeInstanceOf(Error);
  });

  it('that its reader leaves after the process has ended is no interruption', async () => {
    const stdout = new PassThrough();
    const end = stdout.end.bind(stdout);
    stdout.end = (() => {
      setImmediate(() => stdout.destroy());
      return end();
    }) as typeof stdout.end;
    const print = 'process.stdout.write(Buffer.alloc(20_000))';
    expect(await thrown(runProcess(process.execPath, ['-e', print], { signal: never, stdout }))).toBeUndefined();
  });

  it('whose reader fails ends the process, and that error is thrown', async () => {
    const bug = new Error('disk full');
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(bug) });
    expect(await thrown(run('writes-bytes', ['50'], { stdout: broken }))).toBe(bug);
  });
});

it('runs at low priority on request', async () => {
  const controller = new AbortController();
  let priority: number | undefined;
  const running = run('forever', [], {
    signal: controller.signal,
    nice: true,
    onStdoutLine: (line) => {
      priority = getPriority(Number(line));
      controller.abort();
    },
  });
  await thrown(running);
  expect(priority).toBe(10);
});

describe('no process outlives ours', () => {
  const module = join(tmpdir(), `run-process-${process.pid}.mjs`);
  beforeAll(() =>
    build({
      entryPoints: [fileURLToPath(new URL('../../../media/process/run-process.ts', import.meta.url))],
      outfile: module,
      bundle: true,
      format: 'esm',
      platform: 'node',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
    }),
  );
  afterAll(() => rm(module, { force: true }));

  it.each([
    { does: 'when ours exits', ending: 'exit', signal: undefined },
    { does: 'when ours has a bug', ending: 'throw', signal: undefined },
    { does: 'when ours gets SIGTERM', ending: 'wait', signal: 'SIGTERM' },
    { does: 'when ours gets SIGINT', ending: 'wait', signal: 'SIGINT' },
    { does: 'when ours gets SIGKILL', ending: 'wait', signal: 'SIGKILL' },
  ] as const)('$does', async ({ ending, signal }) => {
    const ours = spawn(process.execPath, [program('starts-child'), ending, module, program('ignores-sigterm')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    ours.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('waiting')) ours.kill(signal);
    });
    await once(ours, 'close');
    const pid = Number(text.split('\n')[0]);
    expect(pid).toBeGreaterThan(1);
    await hasEnded(pid);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}
