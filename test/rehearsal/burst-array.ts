import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { sizedNeeds } from '../../app/intake/new-job.ts';
import { bytesFrom, peakBytes, UNDIVIDED } from '../../core/dispatch/peak-disk.ts';
import { burstListKey } from '../../core/job/burst-list.ts';
import type { Job } from '../../core/job/job.ts';
import { preserve } from '../../core/recipes/preserve.ts';
import { drop, manifestOf, messages, type Rehearsal, read } from './acts.ts';
import { batchJob, type ContainerEnd, endEvent, environmentOf, type Loss, runContainer } from './container.ts';
import { BESIDES_GIB, GIB } from './small-disks.ts';
import { expectEqual, expectTrue } from './steps.ts';

const FOLDER = 'input/preserve/many';
const COLOURS = ['red', 'green', 'blue', 'cyan', 'brown'];
const SETTINGS = { preset: 'ultrafast', segmentSeconds: '1-2', evenIfLarger: 'true' };
const [WIDTH, HEIGHT, RATE, SECONDS] = [320, 180, 24, 4];

/** More small drops than one container takes are an array over a list, whose containers run at the same time; one loses its machine. */
export async function burstArray(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program } = rehearsal;
  const { jobs, known } = await step(
    'five small drops, of which a disk holds two, are an array of three containers',
    () => droppedTogether(rehearsal),
  );
  const containers = [...new Set(jobs.map(({ sent }) => sent?.reference ?? ''))].sort();
  const submission = await batchJob(stage.batch, containers[0]?.replace(/:0$/, '') ?? '');
  const given: Readonly<Record<string, string>> = { ...environmentOf(submission), ...known };
  const attempt = (index: number, number: number, loss?: Loss): Promise<ContainerEnd> => {
    const own = { AWS_BATCH_JOB_ARRAY_INDEX: `${index}`, AWS_BATCH_JOB_ATTEMPT: `${number}` };
    const environment = { ...given, ...own, AWS_BATCH_JOB_ID: containers[index] ?? '' };
    return runContainer(stage, { program, environment, loss });
  };
  const ends = await step('its containers run at once; one loses its machine, and goes on where it was', async () => {
    const list = JSON.parse((await read(stage, stage.media, burstListKey(given.REELMILL_BURST ?? ''))).toString());
    const listed = list.containers.map((each: readonly { readonly job: string }[]) =>
      each.map(({ job }) => job).sort(),
    );
    const sent = containers.map((own) => jobs.filter((job) => job.sent?.reference === own).map(({ id }) => id));
    expectEqual(
      listed,
      sent.map((ids) => ids.toSorted()),
      'the list',
    );
    const [first, lost, third] = await Promise.all([attempt(0, 1), attempt(1, 1, 'SIGTERM'), attempt(2, 1)]);
    expectEqual([first.exitCode, lost.exitCode, third.exitCode], [0, 75, 0], 'how the containers ended');
    const second = await attempt(1, 2);
    expectEqual([second.exitCode, second.stdout, second.stderr], [0, '', ''], 'the second attempt');
    return [first, second, third];
  });
  await step('on-job-change tells of each film once, in whatever order the containers end', async () => {
    for (const index of [2, 0, 1, 1]) {
      const [reference, end] = [containers[index], ends[index]];
      if (!reference || !end) throw new Error(`container ${index} has no end`);
      const child = { ...(await batchJob(stage.batch, reference)), arrayProperties: { index } };
      await stage.deployed.invoke('onJobChange', endEvent(child, end));
    }
    const [end] = ends;
    const whole = { ...submission, arrayProperties: { size: containers.length } };
    if (end) await stage.deployed.invoke('onJobChange', endEvent(whole, end));
    const told = (await stage.notices()).map(({ kind, source }) => `${kind} ${source}`).sort();
    expectEqual(told, COLOURS.map((colour) => `done ${FOLDER}/${colour}.mp4`).sort(), 'notices');
    for (const job of await jobsOf(rehearsal)) {
      expectEqual(job.state.status, 'done', job.source);
      const [rendition] = (await manifestOf(stage, job)).renditions;
      const bytes = await read(stage, stage.media, `${job.outputPrefix}/${rendition?.path}`);
      expectTrue(bytes.length > 0 && bytes.length === rendition?.bytes, `what ${job.source} became`);
    }
  });
}

/** Drops the films, and hands all of them to on-drop together. Also returns of which disks it was told. */
async function droppedTogether(rehearsal: Rehearsal) {
  const { stage, folder } = rehearsal;
  const metadata = Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [`reelmill-${name}`, value]));
  const sizes: number[] = [];
  const Records: Awaited<ReturnType<typeof messages>>['Records'] = [];
  for (const colour of COLOURS) {
    const path = join(folder, `${colour}.mp4`);
    const film = ['-f', 'lavfi', '-i', `color=${colour}:s=${WIDTH}x${HEIGHT}:r=${RATE}:d=${SECONDS}`];
    await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...film, '-c:v', 'libx264', '-g', '12', path]);
    sizes.push((await stat(path)).size);
    await drop(stage, `${FOLDER}/${colour}.mp4`, path, metadata);
    // moto hands all that waits to its own Lambda with each new message, and takes it for dead after five times
    Records.push(...(await messages(stage)).Records);
  }
  const needs = sizedNeeds({ recipe: preserve, settings: SETTINGS });
  const outline = {
    bytes: Math.max(...sizes),
    pixels: WIDTH * HEIGHT,
    durationSeconds: SECONDS,
    framesPerSecond: RATE,
  };
  const each = peakBytes('whole', bytesFrom(needs, outline), UNDIVIDED);
  const holdsTwo = BESIDES_GIB + (1.1 * 2.4 * each) / GIB;
  const known = { DISKS_GIB: `${holdsTwo.toFixed(6)} 50 100 200 /` };
  for (let times = 0; times < 2; times++)
    expectEqual(await stage.deployed.invoke('onDrop', { Records }, known), { batchItemFailures: [] }, 'the answer');
  const jobs = await jobsOf(rehearsal);
  const indexes = jobs.map(({ sent }) => sent?.reference.replace(/^.*:/, '')).sort();
  expectEqual(indexes, ['0', '0', '1', '1', '2'], 'the containers of the jobs');
  return { jobs, known };
}

async function jobsOf({ stage }: Rehearsal): Promise<readonly Job[]> {
  return (await stage.jobs.list(100)).filter(({ source }) => source.startsWith(`${FOLDER}/`));
}
