import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  at,
  DEPLOYED_STAGES,
  type Json,
  type JsonObject,
  list,
  type Packaged,
  packaged,
  referredTo,
} from '../support/packaged-template.ts';

const SUBMITS = {
  STAGE: 'stage',
  LOGS: 'Logs',
  MEDIA_BUCKET: 'MediaBucket',
  JOBS_TABLE: 'JobsTable',
  BATCH_QUEUE: 'EncodeSpotQueue',
  BATCH_QUEUE_GPU: 'GpuSpotQueue',
  ENCODE_JOB_DEFINITION: 'EncodeJob',
  UPSCALE_JOB_DEFINITION: 'UpscaleJob',
  STATE_MACHINE_ARN: 'Workflow',
  NOTICE_TOPIC_ARN: 'Notices',
};
const SETTLES = {
  ...SUBMITS,
  BATCH_QUEUE_ONDEMAND: 'EncodeOnDemandQueue',
  BATCH_QUEUE_GPU_ONDEMAND: 'GpuOnDemandQueue',
};

/** What runtime/config.ts reads in each, and the resource it stands for. */
const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  OnDropLambdaFunction: SUBMITS,
  OnJobChangeLambdaFunction: SETTLES,
  SweepLambdaFunction: { ...SETTLES, DROPS_QUEUE_URL: 'DropsQueue' },
  NotifySlackLambdaFunction: { STAGE: 'stage', LOGS: 'Logs', JOBS_TABLE: 'JobsTable', SLACK_SECRET_ARN: 'SlackSecret' },
  ReportLambdaFunction: {
    ...{ STAGE: 'stage', LOGS: 'Logs', MEDIA_BUCKET: 'MediaBucket', LOG_BUCKET: 'LogBucket' },
    ...{ JOBS_TABLE: 'JobsTable', NOTICE_TOPIC_ARN: 'Notices' },
  },
};
const TASK = {
  STAGE: 'stage',
  LOGS: 'Logs',
  MEDIA_BUCKET: 'MediaBucket',
  LOG_BUCKET: 'LogBucket',
  JOBS_TABLE: 'JobsTable',
};

describe.each(DEPLOYED_STAGES)('what programs of %s are told', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  const meant = (value: Json | undefined) => referredTo(value) ?? (value === stage ? 'stage' : value);

  it.each(Object.entries(FUNCTIONS))('is all that %s reads', (id, expected) => {
    const fn = pack.of('AWS::Lambda::Function').find((each) => each.id === id);
    const { JOBS_RELEASE, ...variables } = at(fn?.Properties, 'Environment', 'Variables') as JsonObject;
    expect(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, meant(value)]))).toEqual(
      expected,
    );
    expect(JOBS_RELEASE).toEqual(
      'ENCODE_JOB_DEFINITION' in expected ? expect.stringMatching(/^[0-9a-f]{12}$/) : undefined,
    );
  });

  it('is all that a container reads', () => {
    for (const { Properties } of pack.of('AWS::Batch::JobDefinition')) {
      const pairs = list(at(Properties, 'ContainerProperties', 'Environment'));
      expect(Object.fromEntries(pairs.map((pair) => [at(pair, 'Name'), meant(at(pair, 'Value'))]))).toEqual(TASK);
    }
  });

  it('holds no secret', () => {
    const variables = pack
      .of('AWS::Lambda::Function')
      .flatMap(({ Properties }) => Object.keys(at(Properties, 'Environment', 'Variables') as JsonObject));
    expect(variables.filter((name) => /PASSWORD|TOKEN|WEBHOOK|KEY$/.test(name))).toEqual([]);
  });
});
