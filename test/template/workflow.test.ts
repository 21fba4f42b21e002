import { createRequire } from 'node:module';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BatchJobFailed, runWorkflow } from '../support/local-workflow.ts';
import { at, DEPLOYED_STAGES, type Json, list, type Packaged, packaged } from '../support/packaged-template.ts';

const { readStage } = createRequire(import.meta.url)('../../stages/index.cjs') as {
  readStage(stage: string, pairs?: readonly string[]): Record<string, unknown>;
};

const input = {
  jobId: '0123abcd',
  bucket: 'media',
  key: 'input/preserve/a b.mov',
  recipe: 'preserve',
  vcpu: '4',
  memory: '8192',
};
/** What the plan step says of the segments, and of the join. */
const PLANNED = { vcpu: '8', memory: '16384', disk: 0, join: { vcpu: '4', memory: '8192', disk: 0 } };
const spot = () => new BatchJobFailed({ exitCode: 137, statusReason: 'Your Spot Task was interrupted.' });

describe('the workflow', () => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged('dev');
  });

  it.each([...DEPLOYED_STAGES, 'local'])('is over in %s before what it reads from work/ expires', async (stage) => {
    const definition = at(pack.of('AWS::StepFunctions::StateMachine')[0]?.Properties, 'DefinitionString', 'Fn::Sub', 0);
    const { TimeoutSeconds } = JSON.parse(String(definition)) as { readonly TimeoutSeconds: number };
    const { workDays } = readStage(stage);
    expect(Number(workDays) * 86_400).toBeGreaterThan(TimeoutSeconds);
    expect(() => readStage(stage, ['workDays=14'])).toThrow(/workDays/);
  });

  /** What was submitted, as "step@queue"; with how many children an array has. */
  let submitted: string[];
  let submissions: Json[];
  let failures: Record<string, readonly (Error | undefined)[]>;
  beforeEach(() => {
    submitted = [];
    submissions = [];
    failures = {};
  });

  const run = (tasks: number, more: object = {}, planned: object = PLANNED) => {
    const tries: Record<string, number> = {};
    const submit = (state: string) => async (job: Json) => {
      const step = list(at(job, 'ContainerOverrides', 'Environment')).find(
        (pair) => at(pair, 'Name') === 'REELMILL_STEP',
      );
      const size = at(job, 'ArrayProperties', 'Size');
      submitted.push(`${at(step, 'Value')}${size ? `x${size}` : ''}@${at(job, 'JobQueue')}`);
      submissions.push(job);
      tries[state] = (tries[state] ?? 0) + 1;
      const failure = failures[state]?.[tries[state] - 1];
      if (failure) throw failure;
      return {};
    };
    return runWorkflow(
      pack,
      { ...input, ...more },
      {
        Plan: submit('Plan'),
        'Read the plan': async () => ({ Body: JSON.stringify({ tasks, ...planned }) }),
        Segments: submit('Segments'),
        Segment: submit('Segment'),
        Join: submit('Join'),
      },
    );
  };

  it('plans, encodes the segments side by side, and joins', async () => {
    await run(12);
    expect(submitted).toEqual(['plan@EncodeSpotQueue', 'segmentx12@EncodeSpotQueue', 'join@EncodeSpotQueue']);
  });

  it('submits one segment as a plain job: Batch takes no array of one', async () => {
    await run(1);
    expect(submitted).toEqual(['plan@EncodeSpotQueue', 'segment@EncodeSpotQueue', 'join@EncodeSpotQueue']);
  });

  it('joins at once where every segment is there already', async () => {
    await run(0);
    expect(submitted).toEqual(['plan@EncodeSpotQueue', 'join@EncodeSpotQueue']);
  });

  it.each([
    { of: 'of the job', more: { wanted: { priority: 120 } }, is: 120 },
    { of: '0 where the version before has started it', more: {}, is: 0 },
  ])('submits each step with the priority $of, in the one share', async ({ more, is }) => {
    await run(12, more);
    expect(submissions.map((job) => [at(job, 'ShareIdentifier'), at(job, 'SchedulingPriorityOverride')])).toEqual(
      submissions.map(() => ['drops', is]),
    );
    await run(1, more);
    expect(new Set(submissions.map((job) => at(job, 'SchedulingPriorityOverride')))).toEqual(new Set([is]));
  });

  it('goes to machines with a GPU where the recipe needs one', async () => {
    await run(2, { compute: 'gpu' });
    expect(submitted).toEqual(['plan@GpuSpotQueue', 'segmentx2@GpuSpotQueue', 'join@GpuSpotQueue']);
    expect(new Set(submissions.map((job) => at(job, 'JobDefinition')))).toEqual(new Set(['UpscaleJob']));
  });

  it('gives each step the definition and the queue of its disk', async () => {
    const machine = { vcpu: '16', memory: '57344' };
    await run(3, { disk: 3 }, { ...PLANNED, disk: 1, join: { ...machine, disk: 4 } });
    expect(submissions.map((job) => at(job, 'JobDefinition'))).toEqual(['EncodeJob200', 'EncodeJob50', 'EncodeJob500']);
    expect(submitted).toEqual(['plan@EncodeSpotQueue', 'segmentx3@EncodeSpotQueue', 'join@Encode500SpotQueue']);
    const [, , join] = submissions;
    const sizes = list(at(join, 'ContainerOverrides', 'ResourceRequirements')).map((each) => at(each, 'Value'));
    expect(sizes).toEqual(['16', '57344']);
  });

  it('goes on demand with the same disk', async () => {
    failures.Join = [spot()];
    await run(3, { disk: 5 }, { ...PLANNED, join: { ...PLANNED.join, disk: 5 } });
    expect(submitted).toEqual([
      'plan@Encode2048SpotQueue',
      'segmentx3@EncodeSpotQueue',
      'join@Encode2048SpotQueue',
      'join@Encode2048OnDemandQueue',
    ]);
    expect(new Set(submissions.slice(2).map((job) => at(job, 'JobDefinition')))).toEqual(new Set(['EncodeJob2048']));
  });

  it('gives the plan of an execution that the version before has started the disk that it had then', async () => {
    await run(1);
    expect(at(submissions[0], 'JobDefinition')).toBe('EncodeJob100');
  });

  it('begins on demand where the job was sent there', async () => {
    await run(2, { market: 'on-demand' });
    expect(submitted).toEqual([
      'plan@EncodeOnDemandQueue',
      'segmentx2@EncodeOnDemandQueue',
      'join@EncodeOnDemandQueue',
    ]);
  });

  it('gives plan and join the size that was asked for, and segments the size that was planned', async () => {
    await run(3);
    const sizes = submissions.map((job) =>
      list(at(job, 'ContainerOverrides', 'ResourceRequirements')).map((each) => at(each, 'Value')),
    );
    expect(sizes).toEqual([
      ['4', '8192'],
      ['8', '16384'],
      ['4', '8192'],
    ]);
  });

  it('names source, job and recipe in each job and its tags', async () => {
    await run(3);
    for (const job of submissions) {
      const pairs = list(at(job, 'ContainerOverrides', 'Environment')).map((pair) => [
        at(pair, 'Name'),
        at(pair, 'Value'),
      ]);
      expect(Object.fromEntries(pairs)).toMatchObject({
        JOB_ID: '0123abcd',
        S3_BUCKET: 'media',
        S3_KEY: 'input/preserve/a b.mov',
      });
      expect(at(job, 'Tags')).toMatchObject({ recipe: 'preserve', job: '0123abcd' });
    }
  });

  it.each([
    {
      step: 'Plan',
      runs: [
        'plan@EncodeSpotQueue',
        'plan@EncodeOnDemandQueue',
        'segmentx3@EncodeOnDemandQueue',
        'join@EncodeOnDemandQueue',
      ],
    },
    {
      step: 'Segments',
      runs: [
        'plan@EncodeSpotQueue',
        'segmentx3@EncodeSpotQueue',
        'segmentx3@EncodeOnDemandQueue',
        'join@EncodeOnDemandQueue',
      ],
    },
    {
      step: 'Join',
      runs: ['plan@EncodeSpotQueue', 'segmentx3@EncodeSpotQueue', 'join@EncodeSpotQueue', 'join@EncodeOnDemandQueue'],
    },
  ])('does $step again on demand where Spot gave up on it, and nothing before it', async ({ step, runs }) => {
    failures[step] = [spot()];
    await run(3);
    expect(submitted).toEqual(runs);
  });

  it.each([
    {
      what: 'no Spot capacity',
      failure: new BatchJobFailed({
        statusReason: 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
      }),
    },
    { what: 'some segments of an array', failure: new BatchJobFailed({ statusReason: 'Array Child Job failed' }) },
    {
      what: 'five reclaims, the task saying "again"',
      failure: new BatchJobFailed({ exitCode: 75, statusReason: 'Your Spot Task was interrupted.' }),
    },
  ])('asks another queue after $what', async ({ failure }) => {
    failures.Segments = [failure];
    await run(3);
    expect(submitted).toContain('segmentx3@EncodeOnDemandQueue');
  });

  it.each([
    { what: 'a usage error', failure: { exitCode: 64, statusReason: 'Essential container in task exited' } },
    { what: 'a bad source', failure: { exitCode: 65, statusReason: 'Essential container in task exited' } },
    { what: 'a source that is gone', failure: { exitCode: 66, statusReason: 'Essential container in task exited' } },
    { what: 'a tool that is missing', failure: { exitCode: 69, statusReason: 'Essential container in task exited' } },
    { what: 'a bug', failure: { exitCode: 70, statusReason: 'Essential container in task exited' } },
    {
      what: 'a place that cannot be written',
      failure: { exitCode: 73, statusReason: 'Essential container in task exited' },
    },
    { what: 'a full disk', failure: { exitCode: 74, statusReason: 'Essential container in task exited' } },
    {
      what: 'lack of memory',
      failure: {
        exitCode: 137,
        statusReason: 'Essential container in task exited',
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      },
    },
  ])('ends at once after $what, with the job that failed as the cause', async ({ failure }) => {
    failures.Plan = [new BatchJobFailed(failure)];
    await expect(run(3)).rejects.toThrow(`"ExitCode":${failure.exitCode}`);
    expect(submitted).toEqual(['plan@EncodeSpotQueue']);
  });

  it('ends where the on-demand queue fails too', async () => {
    failures.Segments = [spot(), spot()];
    await expect(run(3)).rejects.toThrow('Your Spot Task was interrupted');
    expect(submitted).toEqual(['plan@EncodeSpotQueue', 'segmentx3@EncodeSpotQueue', 'segmentx3@EncodeOnDemandQueue']);
  });

  it('waits and tries again where Batch is too busy to take the job', async () => {
    const busy = () => Object.assign(new Error('Too Many Requests'), { name: 'Batch.TooManyRequestsException' });
    failures.Plan = [busy(), busy()];
    await run(1);
    expect(submitted.filter((each) => each === 'plan@EncodeSpotQueue')).toHaveLength(3);
  });
});
