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
  ENCODE_JOB_DEFINITIONS: 'EncodeJob',
  LARGE_JOB_DEFINITIONS: 'EncodeJob500',
  BATCH_QUEUES_LARGE: 'Encode500SpotQueue',
  BATCH_QUEUES_LARGE_ONDEMAND: 'Encode500OnDemandQueue',
  UPSCALE_JOB_DEFINITION: 'UpscaleJob',
  UPSCALE_ON_CPU_JOB_DEFINITION: 'UpscaleOnCpuJob',
  UPSCALE_ENDPOINT: 'UpscaleEndpoint',
  STATE_MACHINE_ARN: 'Workflow',
  NOTICE_TOPIC_ARN: 'Notices',
  PAGES_URL: 'AWS::NoValue', // no stage has pages as its file has it (pages.test.ts)
  SLACK_SECRET_ARN: 'SlackSecret',
};

const FUNCTIONS = {
  OnDropLambdaFunction: 'on-drop',
  OnJobChangeLambdaFunction: 'on-job-change',
  NotifySlackLambdaFunction: 'notify-slack',
  SweepLambdaFunction: 'sweep',
  ReportLambdaFunction: 'report',
} as const;

/** What containers with networks, and those on instances of EC2, are told besides. */
const FOR_NETWORKS: Readonly<Record<string, JsonObject>> = {
  UpscaleJob: { AWS_REGION: 'AWS::Region', NVIDIA_DRIVER_CAPABILITIES: 'compute,utility,video' },
  EncodeJob500: { AWS_REGION: 'AWS::Region' },
  EncodeJob2048: { AWS_REGION: 'AWS::Region' },
  UpscaleOnCpuJob: { UPSCALE_DEVICE: 'cpu' },
};

/** What runtime/config.ts reads in a program, and what that has to be. */
/** These are values, and no references. */
const VALUES = ['SPOT_PATIENCE_MINUTES', 'RESTORE_TIER', 'VERIFY_MONTHS', 'SPENDING_STOP_USD', 'DISKS_GIB'];

const readBy = (program: StackProgram) =>
  Object.fromEntries(
    Object.keys(STACK_ENVIRONMENT[program].shape)
      .filter((name) => !VALUES.includes(name))
      .map((name) => [name, MEANT[name]]),
  );

describe.each(DEPLOYED_STAGES)('what programs of %s are told', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  /** Returns the first name where several are joined. */
  const firstOf = (value: Json | undefined) => at(value, 'Fn::Join', 1, 0) ?? value;
  const meant = (value: Json | undefined) =>
    referredTo(firstOf(at(value, 'Fn::If', 1) ?? value)) ?? (value === stage ? 'stage' : value);

  it.each(Object.entries(FUNCTIONS))('is all that %s reads', (id, program) => {
    const expected = readBy(program);
    const fn = pack.of('AWS::Lambda::Function').find((each) => each.id === id);
    const {
      RELEASE,
      SPOT_PATIENCE_MINUTES = '45',
      RESTORE_TIER = 'bulk',
      VERIFY_MONTHS = '0',
      SPENDING_STOP_USD = '0',
      DISKS_GIB = '/',
      ...variables
    } = at(fn?.Properties, 'Environment', 'Variables') as JsonObject;
    expect(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, meant(value)]))).toEqual(
      expected,
    );
    expect(RELEASE).toEqual(expect.stringMatching(/^[0-9a-f]{12}$/));
    expect(SPOT_PATIENCE_MINUTES).toBe('45');
    expect(RESTORE_TIER).toBe('bulk');
    expect(`${VERIFY_MONTHS}`).toBe('0');
    expect(`${SPENDING_STOP_USD}`).toBe('0');
    expect(DISKS_GIB).toContain('/'); // the whole of it: disks.test.ts
  });

  it('is all that a container reads, and what its graphics card is to be used for', () => {
    for (const { id, Properties } of pack.of('AWS::Batch::JobDefinition')) {
      const forCard = FOR_NETWORKS[id] ?? {};
      const pairs = list(at(Properties, 'ContainerProperties', 'Environment'));
      const named = pairs.filter((pair) => at(pair, 'Name') !== 'DISKS_GIB');
      expect(named).toHaveLength(pairs.length - 1);
      expect(Object.fromEntries(named.map((pair) => [at(pair, 'Name'), meant(at(pair, 'Value'))]))).toEqual({
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
