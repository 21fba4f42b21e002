import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { manifestSchema } from '../../../core/job/manifest.ts';
import { segmentsAtOnce } from '../../../core/segments/parallelism.ts';
import { sha256 } from '../hash.ts';
import { processesNaming, until } from '../processes.ts';
import { plainEnvironment } from '../reelmill.ts';
import { type StartedProgram, startProgram } from '../started-program.ts';
import { countingFfmpeg, prepareWork, sameWork, WORKS, type Work, type WorkName } from './kill-works.ts';
import { stormRecord } from './record.ts';
import { seeded } from './seeded.ts';

/** What became of one run that was killed and then made again. */
export type Kill = {
  readonly seed: number;
  readonly work: string;
  readonly signal: 'SIGKILL' | 'SIGTERM';
  /** Whether the run was still at work; one that had ended before the signal came counts as no kill. */
  readonly met: boolean;
  /** How long a run that got SIGTERM went on. */
  readonly secondsToEnd: number;
  /** Encodes of a segment that were begun in both runs together, beyond those of an undisturbed run. */
  readonly encodedAgain: number;
  readonly fault?: string;
};

/** What an undisturbed run does. */
type Calm = {
  readonly work: Work;
  readonly files: ReadonlyMap<string, string>;
  readonly encodes: number;
  readonly windowMs: number;
};

/** ECS waits 30 s between SIGTERM and SIGKILL, of which 25 are ours. */
export const GRACE_SECONDS = 25;
/** Every fifth run is asked to end instead of being killed. */
const isAsked = (seed: number) => Math.floor(seed / WORKS.length) % 5 === 4;

/** How many segments may be in the encoders when a kill comes: these are begun again, and no others. */
export const inEncoders = (cores: number, work: string): number =>
  segmentsAtOnce(cores, 120) * (work === 'ladder' ? 2 : 1);

type KillStormOptions = {
  readonly count: number;
  readonly works?: readonly WorkName[];
  readonly said?: (kill: Kill) => void;
};

/**
 * Runs each work again and again, each time killed at another moment, lets it go on, and compares with an undisturbed run.
 * Trials of an earlier run in the same folder are not made again.
 */
export async function runsKilled(
  { count, works = WORKS, said }: KillStormOptions,
  folder: string,
): Promise<readonly Kill[]> {
  const record = await stormRecord<Kill>(join(folder, 'kills.jsonl'));
  const calm = new Map<WorkName, Calm>();
  const here = await mkdtemp(join(folder, 'kills-'));
  try {
    for (let seed = record.trials.length; seed < count; seed++) {
      const name = works[seed % works.length] ?? 'preserve';
      const undisturbed = calm.get(name) ?? (await calmRun(name, join(here, `${name}-calm`)));
      calm.set(name, undisturbed);
      const own = join(here, `${name}-${seed}`);
      const kill = await killedOnce({ seed, name, calm: undisturbed }, own);
      await record.add(kill);
      said?.(kill);
      if (!kill.fault) await rm(own, { recursive: true, force: true });
    }
  } finally {
    if (record.trials.every(({ fault }) => !fault)) await rm(here, { recursive: true, force: true });
  }
  return record.trials.slice(0, count);
}

async function calmRun(name: WorkName, folder: string): Promise<Calm> {
  const work = await prepareWork(name, folder);
  const log = join(folder, 'encodes');
  const run = await started(work.again, folder, log);
  await run.says(work.from).catch(() => {}); // its code tells why it said nothing
  const begun = performance.now();
  await run.says(work.before).catch(() => {});
  const windowMs = performance.now() - begun;
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(`the undisturbed run of ${name} ended with ${code}: ${stderr}`);
  return { work, files: await filesBelow(work.results), encodes: await linesIn(log), windowMs };
}

async function started(args: readonly string[], folder: string, log: string): Promise<StartedProgram> {
  const ffmpeg = join(folder, 'counting-ffmpeg');
  await countingFfmpeg(ffmpeg, log);
  const env = { ...plainEnvironment(), REELMILL_FFMPEG: ffmpeg };
  return startProgram(process.execPath, [join(process.cwd(), 'dist', 'cli.js'), ...args], { env });
}

type Attempt = { readonly seed: number; readonly name: WorkName; readonly calm: Calm };

async function killedOnce({ seed, name, calm }: Attempt, folder: string): Promise<Kill> {
  const work = await sameWork(name, calm.work, folder);
  const before = await sha256(work.film);
  const signal = isAsked(seed) ? 'SIGTERM' : 'SIGKILL';
  const random = seeded(seed);
  const logs = [join(folder, 'encodes-1'), join(folder, 'encodes-2')] as const;
  const faults: string[] = [];

  const run = await started(work.first, folder, logs[0]);
  await run.says(work.from).catch(() => {});
  await Promise.race([sleep(random() * calm.windowMs * 1.05), run.ended]);
  const met = run.child.exitCode === null && run.child.signalCode === null && !(await isDone(work));
  run.child.kill(signal);
  const asked = performance.now();
  const first = await run.ended;
  const secondsToEnd = (performance.now() - asked) / 1000;
  if (signal === 'SIGTERM' && first.code !== 130 && first.code !== 0)
    faults.push(`a run that got SIGTERM ended with ${first.code}`);
  if (signal === 'SIGTERM' && secondsToEnd > GRACE_SECONDS)
    faults.push(`a run that got SIGTERM went on for ${secondsToEnd.toFixed(1)} s`);
  await until(async () => (await processesNaming(folder)).length === 0);
  if ((await processesNaming(folder)).length > 0) faults.push('a process was left behind');
  faults.push(...(await halfOutputs(work, calm)));

  const again = await (await started(work.again, folder, logs[1])).ended;
  if (again.code !== 0) faults.push(`the run after it ended with ${again.code}: ${again.stderr.slice(-300)}`);
  const files = await filesBelow(work.results);
  for (const [path, hash] of calm.files)
    if (files.get(path) !== hash) faults.push(`${path} has other bytes, or is missing`);
  for (const path of files.keys()) if (!calm.files.has(path)) faults.push(`${path} was left behind`);
  if ((await sha256(work.film).catch(() => '')) !== before) faults.push('the source was changed or lost');
  const encodedAgain = (await linesIn(logs[0])) + (await linesIn(logs[1])) - calm.encodes;
  if (encodedAgain > inEncoders(availableParallelism(), name)) faults.push(`${encodedAgain} encodes were made twice`);
  const fault = faults.length > 0 ? { fault: faults.join('; ') } : {};
  return { seed, work: name, signal, met, secondsToEnd, encodedAgain, ...fault };
}

/** The manifest is published last, and while other files are, none of them is read. */
const isDone = async ({ results }: Work) => (await manifestIn(results)) !== undefined;

async function manifestIn(results: string) {
  const text = await readFile(join(results, 'manifest.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : manifestSchema.parse(JSON.parse(text));
}

/** What lies in the results under its own name has to be whole, and what a manifest names has to be there. */
async function halfOutputs({ results }: Work, { files }: Calm): Promise<readonly string[]> {
  const now = await filesBelow(results);
  const half = [...now].filter(([path, hash]) => files.get(path) !== hash).map(([path]) => `${path} is half there`);
  const manifest = await manifestIn(results).catch(() => 'unreadable' as const);
  if (manifest === 'unreadable') return [...half, 'the manifest is half there'];
  const named = manifest ? [...manifest.renditions, ...manifest.sidecars] : [];
  return [
    ...half,
    ...named.filter(({ path, sha256: hash }) => now.get(path) !== hash).map(({ path }) => `${path} is not there yet`),
  ];
}

/** Times and durations stand in these, so that no two runs write the same. */
const TIMED = ['manifest.json', 'report.html'];

/** The files of a folder by hash, but those that hold times and what is hidden. */
async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() && !TIMED.includes(entry.name) && !entry.name.startsWith('.reelmill-tmp-'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return new Map(await Promise.all(paths.map(async (path) => [path, await sha256(join(folder, path))] as const)));
}

/** How many whole lines a file has; none if it is not there. */
export const linesIn = async (path: string): Promise<number> =>
  (await readFile(path, 'utf8').catch(() => '')).split('\n').length - 1;

/** One row for each work, for a table. */
export function rowsOfKills(kills: readonly Kill[]): readonly (readonly (string | number)[])[] {
  return [...new Set(kills.map(({ work }) => work))].map((work) => {
    const of = kills.filter((each) => each.work === work);
    const met = of.filter((each) => each.met);
    const asked = of.filter(({ signal }) => signal === 'SIGTERM');
    return [
      work,
      met.filter(({ signal }) => signal === 'SIGKILL').length,
      met.filter(({ signal }) => signal === 'SIGTERM').length,
      of.length - met.length,
      Math.max(0, ...asked.map(({ secondsToEnd }) => secondsToEnd)).toFixed(1),
      Math.max(0, ...of.map(({ encodedAgain }) => encodedAgain)),
      of.filter(({ fault }) => fault !== undefined).length,
    ];
  });
}
