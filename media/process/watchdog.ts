import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import process from 'node:process';

/**
 * The variable in the environment of each program, whose value is that of its watchdog. We may be killed after a program has
 * started and before we have told its id: a twentieth of a second on a busy machine.
 */
const MARK = 'REELMILL_WATCHDOG';

/**
 * What the watchdog does: it reads `+` or `-` and a process id or the path of a folder, in JSON, and at the end of its input,
 * which is our end however we end, it kills and removes what is left. On Linux it finds by their environment also the
 * programs of which it was not told; it looks twice, because one that is just starting has no environment of its own yet.
 * A terminal's Ctrl-C is for us alone.
 */
const WATCHDOG = `
const { readdirSync, readFileSync, rmSync } = require('node:fs');
const attempt = (work) => { try { return work(); } catch {} };
const mark = process.argv[1];
const left = new Set();
let rest = '';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) left[line[0] === '+' ? 'add' : 'delete'](JSON.parse(line.slice(1)));
}).on('end', () => {
  for (const each of left) if (typeof each === 'number') attempt(() => process.kill(each, 'SIGKILL'));
  killMarked();
  // a process that was killed may write for a moment yet
  const options = { recursive: true, force: true, maxRetries: 10 };
  for (const each of left) if (typeof each === 'string') attempt(() => rmSync(each, options));
  setTimeout(killMarked, 300);
});
function killMarked() {
  for (const pid of attempt(() => readdirSync('/proc')) ?? []) {
    if (!/^[0-9]+$/.test(pid)) continue;
    const environment = attempt(() => readFileSync('/proc/' + pid + '/environ', 'latin1')) ?? '';
    if (environment.split('\\0').includes(mark)) attempt(() => process.kill(Number(pid), 'SIGKILL'));
  }
}`;

/** One is kept for a while when nothing runs, because starting it takes about 40 ms of a processor. */
const IDLE_MS = 2000;

const guarded = new Set<number>();
const folders = new Set<string>();
let watchdog: { readonly child: ChildProcess; readonly mark: string } | undefined;
let idle: NodeJS.Timeout | undefined;

/**
 * Starts the process that kills ours when we are killed ourselves (`kill -9`, out of memory), which no handler of ours can
 * do then. Call it before a process is started, and add what it returns to that process's environment.
 */
export function startWatchdog(): Readonly<Record<string, string>> {
  clearTimeout(idle);
  watchdog ??= newWatchdog();
  return { [MARK]: watchdog.mark };
}

function newWatchdog() {
  const mark = randomUUID();
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', WATCHDOG, '--', `${MARK}=${mark}`], {
    detached: true, // a group of its own, so that it outlives a signal to ours
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  const forget = () => {
    if (watchdog?.child === child) watchdog = undefined;
  };
  child.once('error', forget).once('exit', forget);
  child.unref();
  child.stdin.on('error', forget);
  if (child.stdin instanceof Socket) child.stdin.unref();
  for (const each of [...guarded, ...folders]) tell(child, '+', each);
  return { child, mark };
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
  tell(watchdog?.child, '+', each);
  return () => {
    kept.delete(each);
    tell(watchdog?.child, '-', each);
    if (guarded.size + folders.size > 0) return;
    clearTimeout(idle);
    idle = setTimeout(dismiss, IDLE_MS).unref();
  };
}

/** The ids of all programs that run now. */
export const guardedIds = (): ReadonlySet<number> => guarded;

const tell = (child: ChildProcess | undefined, sign: '+' | '-', each: number | string) =>
  child?.stdin?.write(`${sign}${JSON.stringify(each)}\n`);

function dismiss(): void {
  watchdog?.child.stdin?.end();
  watchdog = undefined;
}
