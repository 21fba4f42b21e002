import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { isOnPath } from '../is-on-path.ts';
import { eventsIn, plainEnvironment } from '../reelmill.ts';
import { startProgram } from '../started-program.ts';
import { bombs } from './bombs.ts';
import { type Bait, type Trap, traps } from './traps.ts';

/** What became of one hostile file: done, or the code of its failure. */
export type HostileTrial = { readonly name: string; readonly end: string; readonly fault?: string };

export type HostileStorm = {
  readonly trials: readonly HostileTrial[];
  /** Requests that arrived at the server that nobody may call. */
  readonly asked: number;
  /** Files that nobody may open, as the kernel saw them opened, and connections to any address; undefined without strace. */
  readonly opened: readonly string[] | undefined;
  readonly leaked: readonly string[];
  readonly peakMegabytes: number;
  readonly seconds: number;
};

/** No hostile file of these may take more, of all processes together. */
const MOST_MEGABYTES = 3000;
const SECRET = 'the canary in the mine 7c1e';

type Hostile = {
  readonly which: 'traps' | 'bombs';
  /** Whether strace looks on. */
  readonly traced: boolean;
  /** The names of those that are taken; all, unless it is given. */
  readonly only?: RegExp;
};

/** Takes all hostile files through the built command in one run, beside a server and files that nobody may touch. */
export async function hostileStorm({ which, traced, only = /^/ }: Hostile, folder: string): Promise<HostileStorm> {
  await mkdir(folder, { recursive: true });
  const here = await mkdtemp(join(resolve(folder), 'hostile-'));
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.end(SECRET);
  }).listen(0, '127.0.0.1');
  try {
    const port = await new Promise<number>((done) => {
      server.once('listening', () => {
        const address = server.address();
        done(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const bait = await layBait(join(here, 'bait'), `http://127.0.0.1:${port}`);
    const all = (which === 'traps' ? traps(bait) : bombs(bait)).filter(({ name }) => only.test(name));
    const input = join(here, 'input');
    await mkdir(input);
    for (const { files } of all)
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(input, name), bytes);
    return { ...(await runOver(input, here, all, traced)), asked };
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(here, { recursive: true, force: true });
  }
}

async function layBait(folder: string, address: string): Promise<Bait> {
  await mkdir(folder);
  const film = async (name: string, ...args: readonly string[]) => {
    const path = join(folder, name);
    await execa('ffmpeg', [
      ...[
        '-v',
        'error',
        '-nostdin',
        '-y',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=160x90:r=25:d=1',
        '-f',
        'lavfi',
        '-i',
        'sine=d=1',
      ],
      ...args,
      ...['-metadata', `title=${name.startsWith('canary') ? SECRET : 'an honest film of the storm '.repeat(4)}`, path],
    ]);
    return readFile(path);
  };
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await film('canary.ts', ...h264, '-c:a', 'aac');
  await film('canary.mov', ...h264, '-c:a', 'aac');
  await writeFile(join(folder, 'canary.txt'), SECRET);
  await writeFile(join(folder, 'canary.srt'), `1\n00:00:00,000 --> 00:00:01,000\n${SECRET}\n`);
  return {
    ...{ address, folder },
    mov: await film('honest.mov', ...h264, '-an'),
    mp4: await film('honest.mp4', ...h264, '-an'),
    mkv: await film('honest.mkv', ...h264, '-an'),
    avi: await film('honest.avi', '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'),
  };
}

async function runOver(input: string, here: string, all: readonly Trap[], traced: boolean) {
  const trace = join(here, 'trace');
  const watching = traced && (await isOnPath('strace'));
  const under = watching ? ['strace', '-f', '-qq', '-e', 'trace=open,openat,connect', '-o', trace] : [];
  const out = join(here, 'out');
  const settings = ['preset=ultrafast', 'evenIfLarger=true'].flatMap((each) => ['--set', each]);
  const args = ['run', '--json', '--recipe', 'preserve', '--out', out, '--layout', 'folders', ...settings, '--', input];
  const [program = '', ...rest] = [...under, process.execPath, join(process.cwd(), 'dist', 'cli.js'), ...args];
  const begun = performance.now();
  const run = startProgram(program, rest, { env: plainEnvironment() });
  const peak = peakOf(run.child.pid ?? 0, run.ended);
  const { stdout, stderr } = await run.ended;
  const events = eventsIn(stdout);
  const sources = new Map(
    events.flatMap((each) => (each.type === 'job.queued' ? [[each.job, String(each.source)]] : [])),
  );
  const ends = new Map<string, string>();
  for (const { type, job, code, reason } of events) {
    if (type === 'job.done') ends.set(sources.get(job) ?? '', 'done');
    if (type === 'job.failed') ends.set(sources.get(job) ?? String(reason).split(': ')[0] ?? '', String(code));
  }
  const trials = all.map(({ name, files }): HostileTrial => {
    const mine = Object.keys(files).flatMap((file) => ends.get(file) ?? []);
    const end = mine.join(', ') || 'passed over';
    const isBug = mine.some((each) => !RIGHT.has(each)) || /^\s+at /m.test(stderr);
    return { name, end, ...(isBug && { fault: `ended with ${end}` }) };
  });
  const { megabytes } = await peak;
  const tooMuch = megabytes > MOST_MEGABYTES ? [{ name: 'memory', end: '', fault: `${megabytes} MB were taken` }] : [];
  return {
    trials: [...trials, ...tooMuch],
    opened: watching ? openedIn(await readFile(trace, 'utf8')) : undefined,
    leaked: await holdingSecret(out),
    peakMegabytes: megabytes,
    seconds: (performance.now() - begun) / 1000,
  };
}

/** A hostile file may be done, where an honest film is in it, or refused for what it is. */
const RIGHT: ReadonlySet<string> = new Set(['done', 'not-video', 'bad-input', 'truncated', 'over-limit', 'usage']);

const openedIn = (trace: string): readonly string[] =>
  trace.split('\n').filter((line) => /canary/.test(line) || /connect\(.*AF_INET/.test(line));

/** The published files in which the secret stands. */
async function holdingSecret(out: string): Promise<readonly string[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
  const held: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(SECRET)) held.push(path);
  }
  return held;
}

/** The most memory that the process and all that it started took together, looked at every fifth of a second. */
async function peakOf(pid: number, ended: Promise<unknown>): Promise<{ readonly megabytes: number }> {
  let isOver = false;
  const over = ended.then(() => {
    isOver = true;
  });
  let peak = 0;
  while (!isOver) {
    const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
    const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    const family = new Set([pid]);
    for (let before = 0; before !== family.size; ) {
      before = family.size;
      for (const [each = 0, parent = 0] of rows) if (family.has(parent)) family.add(each);
    }
    const kilobytes = rows.reduce((sum, [each = 0, , rss = 0]) => sum + (family.has(each) ? rss : 0), 0);
    peak = Math.max(peak, kilobytes / 1024);
    await Promise.race([sleep(200), over]);
  }
  return { megabytes: Math.round(peak) };
}
