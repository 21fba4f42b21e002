import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { burstListKey } from '../../core/job/burst-list.ts';
import type { Job } from '../../core/job/job.ts';
import { makeClip } from '../support/clip.ts';
import { drop, manifestOf, messages, type Rehearsal, read } from './acts.ts';
import { command } from './command.ts';
import { batchJob, endEvent, environmentOf, type Loss, runContainer } from './container.ts';
import { expectEqual, expectTrue } from './steps.ts';

const FOLDER = 'input/preserve/burst';
const FILMS = ['one.mp4', 'two.mp4', 'unwanted.mp4'];

/** Small drops that come together share a container, which loses its machine; one is no film, and one is cancelled. */
export async function burst(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program, folder } = rehearsal;
  const names = [...FILMS, 'notes.mp4'];
  const jobsOf = async () => {
    const jobs = (await stage.jobs.list(100)).filter(({ source }) => source.startsWith(`${FOLDER}/`));
    const named = new Map(jobs.map((job) => [job.source.slice(FOLDER.length + 1), job]));
    return names.map((name) => named.get(name)).filter((job): job is Job => job !== undefined);
  };
  const jobs = await step('four small drops that come together are four jobs, and one container', async () => {
    for (const [at, name] of FILMS.entries()) await makeClip(join(folder, name), { seconds: 1 + at, size: '160x90' });
    await writeFile(join(folder, 'notes.mp4'), 'these are notes');
    for (const name of names)
      await drop(stage, `${FOLDER}/${name}`, join(folder, name), { 'reelmill-preset': 'ultrafast' });
    const event = await messages(stage);
    for (let times = 0; times < 2; times++)
      expectEqual(await stage.deployed.invoke('onDrop', event), { batchItemFailures: [] }, 'the answer');
    const made = await jobsOf();
    const references = new Set(made.map(({ sent }) => sent?.reference));
    expectEqual([made.length, references.size, references.has(undefined)], [4, 1, false], 'jobs and containers');
    return made;
  });
  const [one] = jobs;
  const submission = await batchJob(stage.batch, one?.sent?.reference ?? '');
  const given = environmentOf(submission);
  const attempt = (number: number, loss?: Loss) => {
    const own = { AWS_BATCH_JOB_ID: submission.jobId ?? '', AWS_BATCH_JOB_ATTEMPT: `${number}` };
    return runContainer(stage, { program, environment: { ...given, ...own }, loss });
  };
  await step('its list has them, and reelmill cancel takes one out without ending the container', async () => {
    const list = (await read(stage, stage.media, burstListKey(given.REELMILL_BURST ?? ''))).toString();
    for (const { id } of jobs) expectTrue(list.includes(id), `the list lacks ${id}`);
    const before = stage.calls.filter(({ url }) => url.pathname === '/v1/terminatejob').length;
    await command(stage, 'cancel', jobs[2]?.id.slice(0, 12) ?? '');
    const after = stage.calls.filter(({ url }) => url.pathname === '/v1/terminatejob').length;
    expectEqual([after, given.REELMILL_STEP], [before, 'burst'], 'calls that end a container, and its step');
  });
  const end = await step(
    'the container goes on after its machine was taken away, and makes what is still wanted',
    async () => {
      expectEqual((await attempt(1, 'SIGTERM')).exitCode, 75, 'the exit code without a machine');
      const ended = await attempt(2);
      expectEqual([ended.exitCode, ended.stdout, ended.stderr], [0, '', ''], 'its end');
      const states = (await jobsOf()).map(({ state }) => (state.status === 'failed' ? state.code : state.status));
      expectEqual(states, ['done', 'done', 'cancelled', 'not-video'], 'what became of each');
      return ended;
    },
  );
  await step('on-job-change tells of each, once', async () => {
    for (let times = 0; times < 2; times++) await stage.deployed.invoke('onJobChange', endEvent(submission, end));
    const told = (await stage.notices()).map(({ kind, source }) => `${kind} ${source.slice(FOLDER.length + 1)}`);
    expectEqual(told.toSorted(), ['done one.mp4', 'done two.mp4', 'failed notes.mp4'], 'notices');
    for (const job of jobs.slice(0, 2)) {
      const [rendition] = (await manifestOf(stage, job)).renditions;
      const bytes = await read(stage, stage.media, `${job.outputPrefix}/${rendition?.path}`);
      expectTrue(bytes.length > 0 && bytes.length === rendition?.bytes, `what ${job.source} became`);
    }
  });
}
