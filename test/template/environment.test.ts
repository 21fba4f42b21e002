import { beforeAll, describe, expect, it } from '@jest/globals';
import { STACK_ENVIRONMENT, type StackProgram } from '../../runtime/config.ts';
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

/** The resource that each name stands for. */
const MEANT: Readonly<Record<string, string>> = {
  STAGE: 'stage',
  LOGS: 'Logs',
  MEDIA_BUCKET: 'MediaBucket',
  LOG_BUCKET: 'LogBucket',
  JOBS_TABLE: 'JobsTable',
  BATCH_QUEUE: 'EncodeSpotQueue',
  BATCH_QUEUE_ONDEMAND: 'EncodeOnDemandQueue',
  BATCH_QUEUE_GPU: 'GpuSpotQueue',
  BATCH_QUEUE_GPU_ONDEMAND: 'GpuOnDemandQueue',
  ENCODE_JOB_DEFINITION: 'EncodeJob',
  UPSCALE_JOB_DEFINITION: 'UpscaleJob',
  UPSCALE_ENDPOINT: 'UpscaleEndpoint',
  STATE_MACHINE_ARN: 'Workflow',
  NOTICE_TOPIC_ARN: 'Notices',
  SLACK_SECRET_ARN: 'SlackSecret',
};

const FUNCTIONS = {
  OnDropLambdaFunction: 'on-drop',
  OnJobChangeLambdaFunction: 'on-job-change',
  NotifySlackLambdaFunction: 'notify-slack',
  SweepLambdaFunction: 'sweep',
  ReportLambdaFunction: 'report',
} as const;

/** What runtime/config.ts reads in a program, and what that has to be. */
const readBy = (program: StackProgram) =>
  Object.fromEntries(Object.keys(STACK_ENVIRONMENT[program].shape).map((name) => [name, MEANT[name]]));

describe.each(DEPLOYED_STAGES)('what programs of %s are told', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  const meant = (value: Json | undefined) =>
    referredTo(at(value, 'Fn::If', 1) ?? value) ?? (value === stage ? 'stage' : value);

  it.each(Object.entries(FUNCTIONS))('is all that %s reads', (id, program) => {
    const expected = readBy(program);
    const fn = pack.of('AWS::Lambda::Function').find((each) => each.id === id);
    const { JOBS_RELEASE, ...variables } = at(fn?.Properties, 'Environment', 'Variables') as JsonObject;
    expect(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, meant(value)]))).toEqual(
      expected,
    );
    expect(JOBS_RELEASE).toEqual(
      'ENCODE_JOB_DEFINITION' in expected ? expect.stringMatching(/^[0-9a-f]{12}$/) : undefined,
    );
  });

  it('is all that a container reads, and what its graphics card is to be used for', () => {
    for (const { id, Properties } of pack.of('AWS::Batch::JobDefinition')) {
      const forCard = id === 'UpscaleJob' ? { NVIDIA_DRIVER_CAPABILITIES: 'compute,utility,video' } : {};
      const pairs = list(at(Properties, 'ContainerProperties', 'Environment'));
      expect(Object.fromEntries(pairs.map((pair) => [at(pair, 'Name'), meant(at(pair, 'Value'))]))).toEqual({
        ...readBy('task'),
        ...forCard,
      });
    }
  });

  it('holds no secret', () => {
    const variables = pack
      .of('AWS::Lambda::Function')
      .flatMap(({ Properties }) => Object.keys(at(Properties, 'Environment', 'Variables') as JsonObject));
    expect(variables.filter((name) => /PASSWORD|TOKEN|WEBHOOK|KEY$/.test(name))).toEqual([]);
  });
});
