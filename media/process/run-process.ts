import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setImmediate as immediate } from 'node:timers/promises';
import { execa, type Options } from 'execa';
import { onExit } from 'signal-exit';
import { ServiceError } from '../../core/errors.ts';
import { type LineReader, lineReader, tailOf } from './lines.ts';
import { mayBegin } from './pause.ts';
import { ProcessError } from './process-error.ts';
import { endWithUs, startWatchdog } from './watchdog.ts';

/**
 * The time between SIGTERM and SIGKILL. Ctrl-C promises to end everything within 3 s, but an encoder may flush for
 * longer.
 */
const GRACE_MS = 2000;
const MOST_TEXT_BYTES = 64 << 20;
const LOW_PRIORITY = 10;

type OnLine = (line: string) => void;

export type ProcessOptions = {
  /**
   * When it is aborted, the process gets SIGTERM and after a grace period SIGKILL. The promise rejects with
   * `interrupted` once the process has ended.
   */
  readonly signal: AbortSignal;
  /**
   * The bytes for stdin; by default stdin is empty. If the source throws, the process is ended and that error is
   * thrown.
   */
  readonly stdin?: AsyncIterable<Uint8Array> | 'ignore';
  /**
   * By default, `text`: stdout is returned. A given stream is ended if the process succeeds, and destroyed if it fails. A reader that
   * leaves it has enough: the process is ended, which is no failure.
   */
  readonly stdout?: Writable | 'ignore' | 'text';
  /**
   * If given, stdout is read by lines and not kept. If a reader of lines throws, the process is ended and that error is
   * thrown.
   */
  readonly onStdoutLine?: OnLine;
  readonly onStderrLine?: OnLine;
  /** Returns what is kept of a line of stderr, and given to `onStderrLine`; undefined for a line of which nothing is kept. By default all is. */
  readonly keptOfStderr?: (line: string) => string | undefined;
  /** Readers of further pipes to which the process writes lines, by file descriptor, 3 or higher. */
  readonly extraPipes?: Readonly<Record<number, OnLine>>;
  /** Streams for the bytes that the process writes to further pipes, by file descriptor, 3 or higher; each ends as that of stdout does. */
  readonly bytePipes?: Readonly<Record<number, Writable>>;
  readonly cwd?: string;
  /** Variables that are added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the process at low priority. */
  readonly nice?: boolean;
};

export type ProcessResult = { readonly stdout: string; readonly stderrTail: readonly string[] };

/**
 * Runs a program to its end, by argv and never by a shell. Throws `ProcessError` if it fails, `interrupted` on abort,
 * `missing-tool` if there is no such program. The program ends when our process ends, however ours ends.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  await mayBegin();
  if (options.signal.aborted) throw interrupted(command);
  setMaxListeners(0, options.signal); // one signal may end many processes, and each removes its listeners when it ends
  const marked = startWatchdog();
  const child = start(command, args, { ...options, env: { ...options.env, ...marked } });
  const release = child.pid === undefined ? () => {} : endWithUs(child.pid);
  child.once('exit', release);
  const forget = onExit(() => {
    child.kill('SIGKILL');
  });
  const faults: unknown[] = [];
  const fail = (error: unknown) => {
    faults.push(error);
    child.kill();
  };
  const tail = tailOf(options);
  const text: Uint8Array[] = [];
  const streams: readonly unknown[] = child.stdio;
  if (isIterable(options.stdin)) feed(options.stdin, streams[0], fail);
  const pumps = [
    drain(streams[1], options, text),
    readLines(streams[2], tail),
    ...byNumber(options.extraPipes).map(([fd, onLine]) => readLines(streams[fd], lineReader(onLine))),
    ...byNumber(options.bytePipes).map(([fd, into]) => hand(streams[fd], into, options.signal)),
  ];
  const [result] = await Promise.all([child, ...pumps.map((pump) => pump.catch(fail))]);
  forget();
  // Ctrl-C reaches the process and us at the same time: our own handler runs before the failure is judged
  if (result.failed) await immediate();

  const error = failure();
  const outputs = [options.stdout, ...Object.values(options.bytePipes ?? {})].filter(
    (each) => each instanceof Writable,
  );
  await Promise.all(outputs.map((each) => conclude(each, error, { command, signal: options.signal })));
  if (error !== undefined && error !== LEFT) throw error;
  return { stdout: Buffer.concat(text).toString('utf8'), stderrTail: tail.lines() };

  function failure(): unknown {
    if (options.signal.aborted) return interrupted(command);
    if (faults.length > 0) return faults[0];
    if (!result.failed) return undefined;
    const { code, exitCode, signal, cause } = result;
    if ((code === 'ENOENT' || code === 'EACCES') && existsSync(options.cwd ?? '.')) return missing(command, cause);
    return new ProcessError({ command, args, exitCode, signal, stderrTail: tail.lines() }, { cause });
  }
}

function start(command: string, args: readonly string[], options: ProcessOptions) {
  const child = execa(command, args, {
    stdio: stdioOf(options),
    buffer: false,
    encoding: 'buffer',
    reject: false,
    cancelSignal: options.signal,
    forceKillAfterDelay: GRACE_MS,
    cleanup: false, // the cleanup of execa sends SIGTERM, after which an encoder may go on for a while
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.env && { env: options.env }),
  });
  if (options.nice && child.pid !== undefined) lowerPriority(child.pid);
  return child;
}

function stdioOf(options: ProcessOptions): NonNullable<Options['stdio']> {
  const wanted = byNumber<unknown>({ ...options.extraPipes, ...options.bytePipes }).map(([fd]) => fd);
  const extra = Array.from({ length: Math.max(2, ...wanted) - 2 }, (_, i) => i + 3);
  const unread = options.stdout === 'ignore' && !options.onStdoutLine;
  return [
    isIterable(options.stdin) ? 'pipe' : 'ignore',
    unread ? 'ignore' : 'pipe',
    'pipe',
    ...extra.map((fd) => (wanted.includes(fd) ? ('pipe' as const) : ('ignore' as const))),
  ];
}

const byNumber = <Reader>(pipes: Readonly<Record<number, Reader>> = {}) =>
  Object.entries(pipes).map(([fd, reader]): [number, Reader] => [Number(fd), reader]);

const isIterable = (stdin: ProcessOptions['stdin']) => stdin !== undefined && stdin !== 'ignore';

/**
 * Writes the source to stdin. A broken pipe is ignored, since the process may stop reading early; an error of the
 * source itself is a failure.
 */
function feed(source: AsyncIterable<Uint8Array>, stdin: unknown, fail: (error: unknown) => void): void {
  if (!(stdin instanceof Writable)) return;
  async function* watched() {
    try {
      yield* source;
    } catch (error) {
      fail(error);
      throw error;
    }
  }
  pipeline(watched, stdin).catch(() => {});
}

async function drain(stdout: unknown, options: ProcessOptions, text: Uint8Array[]): Promise<void> {
  if (!(stdout instanceof Readable)) return;
  if (options.onStdoutLine) return readLines(stdout, lineReader(options.onStdoutLine));
  if (options.stdout instanceof Writable) return hand(stdout, options.stdout, options.signal);
  let bytes = 0;
  for await (const chunk of stdout) {
    bytes += chunk.length;
    if (bytes > MOST_TEXT_BYTES)
      throw new ServiceError('over-limit', `the program wrote more than ${MOST_TEXT_BYTES} bytes of text`);
    text.push(chunk);
  }
}

/**
 * Hands bytes on. The stream that takes them is ended by the end of the process, which may be a failure. Throws `LEFT` if its reader
 * went away.
 */
async function hand(from: unknown, to: Writable, signal: AbortSignal): Promise<void> {
  if (!(from instanceof Readable)) return;
  await pipeline(from, to, { end: false, signal }).catch((error: unknown) => {
    throw isLeftByReader(to) ? LEFT : error;
  });
}

/** What ends a process whose reader went away: the reader itself says why, if there is a reason. Other readers of the process are told it. */
const LEFT = new Error('a reader of the program went away before its end');

/** Leaving a loop over a stream destroys it as if by an abort; one that failed was destroyed by its error. */
const isLeftByReader = ({ destroyed, errored }: Writable): boolean =>
  destroyed && (errored === null || errored.name === 'AbortError');

async function readLines(stream: unknown, reader: LineReader): Promise<void> {
  if (!(stream instanceof Readable)) return;
  for await (const chunk of stream) reader.push(chunk);
  reader.end();
}

/**
 * Ends or destroys the output stream, so that its reader does not take the end of a failed process for the end of the
 * data.
 */
async function conclude(
  stream: Writable,
  error: unknown,
  { command, signal }: { readonly command: string; readonly signal: AbortSignal },
): Promise<void> {
  if (error === undefined) {
    stream.end();
    // its reader may have enough, and never take the rest
    await finished(stream, { readable: false, signal }).catch((cause: unknown) => {
      const isLeft = isLeftByReader(stream);
      stream.destroy();
      if (signal.aborted) throw interrupted(command);
      if (!isLeft) throw cause;
    });
  } else if (!stream.destroyed) {
    stream.on('error', () => {}); // its reader may be closed already, and our caller gets the error anyway
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Lowers the priority of a process, which may have ended already. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, LOW_PRIORITY);
  } catch {}
}

const interrupted = (command: string) =>
  new ServiceError('interrupted', `${command} was stopped: the job was interrupted`);

const missing = (command: string, cause: unknown) =>
  new ServiceError(
    'missing-tool',
    `cannot run "${command}": it is not on this machine, or not executable`,
    { command },
    { cause },
  );
