import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import process from 'node:process';

/**
 * What the watchdog does: it reads `+pid` and `-pid`, and at the end of its input, which is our end however we end, it
 * kills what is left. A terminal's Ctrl-C is for us alone.
 */
const WATCHDOG = `
const pids = new Set();
let rest = '';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) pids[line[0] === '+' ? 'add' : 'delete'](Number(line.slice(1)));
}).on('end', () => {
  for (const pid of pids) try { process.kill(pid, 'SIGKILL'); } catch {}
  process.exit();
});`;

/** One is kept for a while when nothing runs, because starting it takes about 40 ms of a processor. */
const IDLE_MS = 2000;

const guarded = new Set<number>();
let watchdog: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;

/**
 * Starts the process that kills ours when we are killed ourselves (`kill -9`, out of memory), which no handler of ours can
 * do then. Call it before a process is started, so that nothing but telling its id comes after.
 */
export function startWatchdog(): void {
  clearTimeout(idle);
  if (watchdog) return;
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', WATCHDOG], {
    detached: true, // a group of its own, so that it outlives a signal to ours
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  const forget = () => {
    if (watchdog === child) watchdog = undefined;
  };
  child.once('error', forget).once('exit', forget);
  child.unref();
  child.stdin.on('error', forget);
  if (child.stdin instanceof Socket) child.stdin.unref();
  watchdog = child;
  for (const pid of guarded) tell(`+${pid}`);
}

/** Has the process killed when we end. Returns a function to call when the process has ended by itself. */
export function endWithUs(pid: number): () => void {
  guarded.add(pid);
  tell(`+${pid}`);
  return () => {
    guarded.delete(pid);
    tell(`-${pid}`);
    if (guarded.size === 0) idle = setTimeout(dismiss, IDLE_MS).unref();
  };
}

/** The ids of all programs that run now. */
export const guardedIds = (): ReadonlySet<number> => guarded;

const tell = (line: string) => watchdog?.stdin?.write(`${line}\n`);

function dismiss(): void {
  watchdog?.stdin?.end();
  watchdog = undefined;
}
