import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { makeClip } from '../clip.ts';
import { processesNaming, until } from '../processes.ts';
import { openStack } from '../stack.ts';
import {
  type BucketPlace,
  calmJob,
  differences,
  droppedJob,
  halfThere,
  type JobFiles,
  resultsOf,
  sourceOf,
  startAttempt,
} from './bucket-jobs.ts';
import { countingFfmpeg } from './kill-works.ts';
import { GRACE_SECONDS, inEncoders, type Kill, linesIn } from './kills.ts';
import { stormRecord } from './record.ts';
import { seeded } from './seeded.ts';

const RECIPES = ['preserve', 'ladder'] as const;
type Recipe = (typeof RECIPES)[number];

type Calm = { readonly files: JobFiles; readonly encodes: number; readonly windowMs: number };
type ContainerStorm = { readonly count: number; readonly program: string; readonly said?: (kill: Kill) => void };

/**
 * Kills the container program (`program`) at random moments of its life, from its start to its end: while it fetches, plans,
 * encodes, joins, verifies and publishes. Batch starts the next attempt, which must end with the bytes of an undisturbed job.
 */
export async function containerKills({ count, program, said }: ContainerStorm, folder: string) {
  const record = await stormRecord<Kill>(join(folder, 'container-kills.jsonl'));
  const here = await mkdtemp(join(resolve(folder), 'container-'));
  const stack = await openStack({ direct: true });
  try {
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
    await makeClip(join(here, 'film.mp4'), { seconds: 3, size: '800x450' });
    const place = { stack, program, here, film: await readFile(join(here, 'film.mp4')) };
    const calm = new Map<Recipe, Calm>();
    for (let seed = record.trials.length; seed < count; seed++) {
      const recipe = RECIPES[seed % RECIPES.length] ?? 'preserve';
      const undisturbed = calm.get(recipe) ?? (await undisturbedJob(recipe, place));
      calm.set(recipe, undisturbed);
      const kill = await killedOnce(seed, { recipe, calm: undisturbed }, place);
      await record.add(kill);
      said?.(kill);
    }
  } finally {
    await stack.close();
    await rm(here, { recursive: true, force: true });
  }
  return record.trials.slice(0, count);
}

/** Starts an attempt in a folder of its own, as each container has a disk of its own, with its encodes counted. */
async function started(job: Parameters<typeof startAttempt>[0], number: number, place: BucketPlace) {
  const own = await mkdtemp(join(place.here, 'attempt-'));
  const [ffmpeg, log, tmp] = [join(own, 'ffmpeg'), join(own, 'encodes'), join(own, 'tmp')];
  await mkdir(tmp);
  await countingFfmpeg(ffmpeg, log);
  return { own, log, run: startAttempt(job, number, place, { REELMILL_FFMPEG: ffmpeg, TMPDIR: tmp }) };
}

async function undisturbedJob(recipe: Recipe, place: BucketPlace): Promise<Calm> {
  const job = await calmJob(place, recipe);
  const begun = performance.now();
  const { run, log } = await started(job, 1, place);
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(`the undisturbed job of ${recipe} ended with ${code}: ${stderr}`);
  const windowMs = performance.now() - begun;
  return { files: await resultsOf(job, place), encodes: await linesIn(log), windowMs };
}

type Attempt = { readonly recipe: Recipe; readonly calm: Calm };

async function killedOnce(seed: number, { recipe, calm }: Attempt, place: BucketPlace): Promise<Kill> {
  const signal = Math.floor(seed / RECIPES.length) % 5 === 4 ? 'SIGTERM' : 'SIGKILL';
  const job = await droppedJob(`trial-${seed}.mp4`, place, recipe);
  const first = await started(job, 1, place);
  await Promise.race([sleep(seeded(seed)() * calm.windowMs), first.run.ended]);
  const { child } = first.run;
  const met = child.exitCode === null && child.signalCode === null;
  child.kill(signal);
  const asked = performance.now();
  const { code } = await first.run.ended;
  const secondsToEnd = (performance.now() - asked) / 1000;

  const faults: string[] = [];
  if (signal === 'SIGTERM' && code !== 75 && code !== 0 && code !== null)
    faults.push(`a container that got SIGTERM ended with ${code}`);
  if (signal === 'SIGTERM' && secondsToEnd > GRACE_SECONDS)
    faults.push(`a container that got SIGTERM went on for ${secondsToEnd.toFixed(1)} s`);
  await until(async () => (await processesNaming(first.own)).length === 0);
  if ((await processesNaming(first.own)).length > 0) faults.push('a process was left behind');
  faults.push(...halfThere(await resultsOf(job, place), calm.files));

  const second = await started(job, 2, place);
  const again = await second.run.ended;
  if (again.code !== 0) faults.push(`the next attempt ended with ${again.code}: ${again.stderr.slice(-300)}`);
  faults.push(...differences(await resultsOf(job, place), calm.files));
  if (!(await sourceOf(job, place)).equals(place.film)) faults.push('the source was changed or lost');
  const encodedAgain = (await linesIn(first.log)) + (await linesIn(second.log)) - calm.encodes;
  if (encodedAgain > inEncoders(availableParallelism(), recipe)) faults.push(`${encodedAgain} encodes were made twice`);
  for (const { own } of [first, second]) await rm(own, { recursive: true, force: true });
  const fault = faults.length > 0 ? { fault: faults.join('; ') } : {};
  return { seed, work: recipe, signal, met, secondsToEnd, encodedAgain, ...fault };
}
