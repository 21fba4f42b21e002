import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { DescribeExecutionCommand, DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { Upload } from '@aws-sdk/lib-storage';
import { fanOutKey } from '../../core/dispatch/fan-out.ts';
import type { Job } from '../../core/job/job.ts';
import { drop, manifestOf, type Rehearsal, read, submitted } from './acts.ts';
import { executionEvent, type Losses, makeLongFilm, runLongFilm, type WorkflowRun } from './long-film.ts';
import type { Stage } from './stage.ts';
import { expectEqual } from './steps.ts';

/** The deployed state machine over real task code. */
export async function longFilms(rehearsal: Rehearsal): Promise<void> {
  const { step } = rehearsal;
  await step('a long film: plan, three tasks of segments, join', async () => {
    const { log, job } = await longFilm(rehearsal, 'long.mp4', '800x360');
    expectEqual(
      log.map((entry) => entry.step),
      ['plan', 'segment x3', 'join'],
      'what was submitted',
    );
    const { segments } = (await manifestOf(rehearsal.stage, job)).renditions[0] ?? {};
    expectEqual([segments?.encoded, (segments?.total ?? 0) > 3], [0, true], 'what the join had to encode');
  });
  await step('a segment task whose machine is taken away twice goes on where it was', async () => {
    const { log, job } = await longFilm(rehearsal, 'reclaimed.mp4', '800x368', {
      losses: { 1: ['SIGTERM', 'SIGTERM'] },
    });
    expectEqual(log[1]?.ends.map(exitCodes), [[0], [75, 75, 0], [0]], 'how the containers ended');
    expectEqual((await rehearsal.stage.jobs.get(job.id))?.state.status, 'done', 'the job');
  });
  await step('a film that Spot has no machine for is done on demand', async () => {
    const { log } = await longFilm(rehearsal, 'dry.mp4', '800x376', { dry: true });
    const queues = log.map(({ step: name, queue }) => `${name}@${/on-demand/.test(queue) ? 'on demand' : 'spot'}`);
    expectEqual(
      queues,
      ['plan@spot', 'segment x3@spot', 'segment x3@on demand', 'join@on demand'],
      'what was submitted',
    );
  });
  await step('a long file that is no film fails in its plan, and is told', async () => {
    const { log, job } = await longFilm(rehearsal, 'broken.mp4', '800x384', { broken: true });
    expectEqual(
      log.map(({ step: name, ends }) => [name, ends.map(exitCodes)]),
      [['plan', [[65]]]],
      'what was submitted',
    );
    expectEqual((await rehearsal.stage.jobs.get(job.id))?.state.status, 'failed', 'the job');
  });
}

type Course = { readonly losses?: Losses; readonly dry?: boolean; readonly broken?: boolean };

const SETTINGS = { 'reelmill-segmentseconds': '300-600', 'reelmill-evenIfLarger': 'true' };

async function longFilm(rehearsal: Rehearsal, name: string, size: string, course: Course = {}) {
  const path = join(rehearsal.folder, name);
  await makeLongFilm(path, size);
  if (course.broken) await truncate(path, 100_000);
  return throughWorkflow(rehearsal, { name, path, settings: SETTINGS }, course);
}

type DroppedFilm = {
  readonly name: string;
  readonly path: string;
  readonly settings: Readonly<Record<string, string>>;
};

/** Drops a film, and does what the workflow then asks of Batch, with three tasks that share its segments. */
export async function throughWorkflow(
  rehearsal: Rehearsal,
  { name, path, settings }: DroppedFilm,
  { losses = {}, dry, broken }: Course = {},
): Promise<{ readonly log: WorkflowRun['log']; readonly job: Job }> {
  const { stage, program } = rehearsal;
  const key = `input/preserve/${name}`;
  await drop(stage, key, path, settings);
  const job = await submitted(rehearsal, key);
  const execution = await stage.sfn.send(new DescribeExecutionCommand({ executionArn: job.sent?.reference ?? '' }));
  const machine = await stage.sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn: execution.stateMachineArn ?? '' }),
  );
  const run: WorkflowRun = {
    definition: machine.definition ?? '',
    input: JSON.parse(execution.input ?? ''),
    ...{ stage, program },
    given: await givenBy(stage, 'reelmill-local-encode'),
    losses,
    ...(dry && { dryQueue: stage.deployed.physical('EncodeSpotQueue') }),
    readFanOut: () => threeTasks(stage, job),
    log: [],
  };
  const failure = await runLongFilm(run).then(
    () => undefined,
    (error: unknown) => error,
  );
  await stage.deployed.invoke('onJobChange', executionEvent(job.sent?.reference ?? '', execution.input ?? '', failure));
  expectEqual(
    (await stage.notices()).map(({ kind, source }) => [kind, source]),
    [[broken ? 'failed' : 'done', key]],
    `notices, of a workflow that ended with ${failure ?? 'success'}`,
  );
  return { log: run.log, job };
}

/** How the containers of one task ended, one after the other. */
export const exitCodes = (ends: WorkflowRun['log'][number]['ends'][number]) => ends.map(({ exitCode }) => exitCode);

/** A film of so few pictures is one task's work: three are asked for here, as for a real one. */
async function threeTasks(stage: Stage, job: Job): Promise<string> {
  const plan = JSON.parse((await read(stage, stage.media, fanOutKey(job.id))).toString());
  expectEqual(plan.tasks, 1, 'planned tasks');
  const three = JSON.stringify({ ...plan, tasks: 3 });
  await new Upload({ client: stage.s3, params: { Bucket: stage.media, Key: fanOutKey(job.id), Body: three } }).done();
  return three;
}

async function givenBy(stage: Stage, jobDefinitionName: string): Promise<Readonly<Record<string, string>>> {
  const { jobDefinitions = [] } = await stage.batch.send(new DescribeJobDefinitionsCommand({ jobDefinitionName }));
  const pairs = jobDefinitions[0]?.containerProperties?.environment ?? [];
  return Object.fromEntries(pairs.map(({ name = '', value = '' }) => [name, value]));
}
