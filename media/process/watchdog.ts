import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import process from 'node:process';

/**
 * What the watchdog does: it reads `+` or `-` and a process id or the path of a folder, in JSON, and at the end of its input,
 * which is our end however we end, it kills and removes what is left. A terminal's Ctrl-C is for us alone.
 */
const WATCHDOG = `
const left = new Set();
let rest = '';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) left[line[0] === '+' ? 'add' : 'delete'](JSON.parse(line.slice(1)));
}).on('end', () => {
  for (const each of left) try { if (typeof each === 'number') process.kill(each, 'SIGKILL'); } catch {}
  // a process that was killed may write for a moment yet
  const options = { recursive: true, force: true, maxRetries: 10 };
  for (const each of left) try { if (typeof each === 'string') require('node:fs').rmSync(each, options); } catch {}
  process.exit();
});`;

/** One is kept for a while when nothing runs, because starting it takes about 40 ms of a processor. */
const IDLE_MS = 2000;

const guarded = new Set<number>();
const folders = new Set<string>();
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
  for (const each of [...guarded, ...folders]) tell('+', each);
}

/** Has the process killed when we end. Returns a function to call when the process has ended by itself. */
export function endWithUs(pid: number): () => void {
  return keep(guarded, pid);
}

/** Has the folder removed when we end. Returns a function to call when it is removed already. */
export function removeWithUs(folder: string): () => void {
  return keep(folders, folder);
}

function keep<Kept extends number | string>(kept: Set<Kept>, each: Kept): () => void {
  kept.add(each);
  tell('+', each);
  return () => {
    kept.delete(each);
    tell('-', each);
    if (guarded.size + folders.size > 0) return;
    clearTimeout(idle);
    idle = setTimeout(dismiss, IDLE_MS).unref();
  };
}

/** The ids of all programs that run now. */
export const guardedIds = (): ReadonlySet<number> => guarded;

const tell = (sign: '+' | '-', each: number | string) => watchdog?.stdin?.write(`${sign}${JSON.stringify(each)}\n`);

function dismiss(): void {
  watchdog?.stdin?.end();
  watchdog = undefined;
}
