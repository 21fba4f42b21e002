import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SIZES, UPSCALE_ON_CPU_SIZE } from '../../core/dispatch/route.ts';
import { SHARE } from '../../core/dispatch/scheduling-priority.ts';
import { evaluated } from '../support/evaluated-template.ts';
import {
  at,
  DEPLOYED_STAGES,
  type Json,
  list,
  type Packaged,
  packaged,
  type Resource,
  referredTo,
} from '../support/packaged-template.ts';

/** https://docs.aws.amazon.com/batch/latest/userguide/fargate.html: MiB that go with so many vCPUs. */
const FARGATE_MEMORY: Readonly<Record<string, { from: number; to: number; step: number }>> = {
  1: { from: 2048, to: 8192, step: 1024 },
  2: { from: 4096, to: 16384, step: 1024 },
  4: { from: 8192, to: 30720, step: 1024 },
  8: { from: 16384, to: 61440, step: 4096 },
  16: { from: 32768, to: 122880, step: 8192 },
};

const isLegalOnFargate = (vcpu: string, mebibytes: number) => {
  const range = FARGATE_MEMORY[vcpu];
  return range !== undefined && mebibytes >= range.from && mebibytes <= range.to && mebibytes % range.step === 0;
};

/** As ECS on Fargate begins the reason for which a task was stopped (test/fixtures/status-reasons.json has whole ones). */
const FARGATE_REASONS = [
  'Your Spot Task was interrupted.',
  'ResourceInitializationError: failed to validate logger args: : signal: killed',
  'CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open',
];

/** As Batch reads a pattern: whole, but for an asterisk at its end. There is no container that could give a reason. */
const globMatches = (pattern: string, rule: Json, statusReason: string) => {
  if (pattern === '*') return true;
  if (at(rule, 'OnStatusReason') === undefined) return false;
  return pattern.endsWith('*') ? statusReason.startsWith(pattern.slice(0, -1)) : statusReason === pattern;
};

describe.each(DEPLOYED_STAGES)('Batch in %s', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  const definitions = () => pack.of('AWS::Batch::JobDefinition');
  const fargate = () =>
    definitions().filter((each) => list(at(each.Properties, 'PlatformCapabilities')).includes('FARGATE'));
  const environments = () => pack.of('AWS::Batch::ComputeEnvironment');
  const typeOf = ({ Properties }: Resource) => at(Properties, 'ComputeResources', 'Type');
  const amount = ({ Properties }: Resource, type: string) =>
    list(at(Properties, 'ContainerProperties', 'ResourceRequirements'))
      .filter((each) => at(each, 'Type') === type)
      .map((each) => String(at(each, 'Value')))[0];

  it('asks Fargate for sizes that Fargate has', () => {
    expect(fargate()).not.toEqual([]);
    const asked = fargate().map((each) => [amount(each, 'VCPU') ?? '', Number(amount(each, 'MEMORY'))] as const);
    expect(asked.filter(([vcpu, memory]) => !isLegalOnFargate(vcpu, memory))).toEqual([]);
  });

  it('hands a burst of drops over together, and lets a single one wait five seconds at most', () => {
    const drops = pack
      .of('AWS::Lambda::EventSourceMapping')
      .filter(({ Properties }) => JSON.stringify(at(Properties, 'EventSourceArn')).includes('DropsQueue'));
    expect(drops.map(({ Properties }) => Properties)).toMatchObject([
      { BatchSize: 50, MaximumBatchingWindowInSeconds: 5, FunctionResponseTypes: ['ReportBatchItemFailures'] },
    ]);
  });

  it('has room for the largest task that a route may ask for, on demand too', () => {
    const most = Math.max(...SIZES.map(({ vcpu }) => vcpu));
    const fargates = environments().filter((each) => String(typeOf(each)).startsWith('FARGATE'));
    const rooms = fargates.map((each) => Number(at(each.Properties, 'ComputeResources', 'MaxvCpus')));
    expect(rooms).toHaveLength(2);
    expect(Math.min(...rooms)).toBeGreaterThanOrEqual(most);
  });

  it('asks Fargate for a disk it has', () => {
    const sizes = fargate().map((each) =>
      Number(at(each.Properties, 'ContainerProperties', 'EphemeralStorage', 'SizeInGiB')),
    );
    expect(sizes.filter((size) => !(size >= 21 && size <= 200))).toEqual([]);
  });

  it('gives every Fargate task an execution role, a public address and a log group that is there', () => {
    for (const definition of fargate()) {
      const container = at(definition.Properties, 'ContainerProperties');
      expect(referredTo(at(container, 'ExecutionRoleArn'))).toBe('TaskExecutionRole');
      expect(at(container, 'NetworkConfiguration', 'AssignPublicIp')).toBe('ENABLED');
      expect(referredTo(at(container, 'LogConfiguration', 'Options', 'awslogs-group'))).toBe('TaskLogs');
    }
  });

  it('lets a container write only to folders that its image has as volumes, one of them for temporary files', async () => {
    const image = async (path: string) => {
      const text = await readFile(path, 'utf8');
      const volumes = /^VOLUME (.*)$/m.exec(text)?.[1]?.split(' ').toSorted();
      return { volumes, temporary: /\bTMPDIR=(\S+)/.exec(text)?.[1] };
    };
    const images: Readonly<Record<string, Awaited<ReturnType<typeof image>>>> = {
      EncodeImage: await image('docker/encode/Dockerfile'),
      UpscaleImage: await image('docker/upscale/Dockerfile'),
    };
    for (const { id, Properties } of definitions()) {
      const container = at(Properties, 'ContainerProperties');
      const of = images[referredTo(at(container, 'Image')) ?? ''];
      const mounted = list(at(container, 'MountPoints'));
      expect({ id, readOnly: at(container, 'ReadonlyRootFilesystem') }).toEqual({ id, readOnly: true });
      expect(mounted.map((each) => at(each, 'ContainerPath')).toSorted()).toEqual(of?.volumes);
      expect(of?.volumes).toContain(of?.temporary);
      expect(list(at(container, 'Volumes')).map((each) => at(each, 'Name'))).toEqual(
        mounted.map((each) => at(each, 'SourceVolume')),
      );
    }
    const onFargate = fargate().flatMap(({ Properties }) => list(at(Properties, 'ContainerProperties', 'Volumes')));
    expect(onFargate.filter((volume) => at(volume, 'Host') !== undefined)).toEqual([]); // Fargate refuses a folder of its host
  });

  it('asks for GPUs on EC2 only', () => {
    expect(
      definitions()
        .filter((each) => amount(each, 'GPU'))
        .map(({ id }) => id),
    ).toEqual(['UpscaleJob']);
    expect(fargate().filter((each) => amount(each, 'GPU'))).toEqual([]);
  });

  it('tries again within the limits and ends with EXIT, for no match would mean another try', () => {
    for (const definition of definitions()) {
      const attempts = Number(at(definition.Properties, 'RetryStrategy', 'Attempts'));
      const rules = list(at(definition.Properties, 'RetryStrategy', 'EvaluateOnExit'));
      expect(attempts).toBeGreaterThanOrEqual(1);
      expect(attempts).toBeLessThanOrEqual(10);
      expect(rules.length).toBeLessThanOrEqual(5);
      expect(rules.at(-1)).toEqual({ Action: 'EXIT', OnReason: '*' });
      expect(rules.slice(0, -1).filter((rule) => at(rule, 'Action') !== 'RETRY')).toEqual([]);
      expect(rules).toContainEqual({ Action: 'RETRY', OnExitCode: '75' });
    }
  });

  it.each([
    ['EncodeJob', 'Your Spot Task was interrupted*'],
    ['EncodeJob200', 'Your Spot Task was interrupted*'],
    ['EncodeJob500', 'Host EC2*'],
    ['UpscaleJob', 'Host EC2*'],
  ])('tries %s again when Spot takes the machine back', (id, reason) => {
    const definition = definitions().find((each) => each.id === id);
    expect(list(at(definition?.Properties, 'RetryStrategy', 'EvaluateOnExit'))).toContainEqual({
      Action: 'RETRY',
      OnStatusReason: reason,
    });
  });

  it('tries again on Fargate what a status reason says that passes by itself, and nothing that does not', async () => {
    for (const { id, Properties } of fargate()) {
      const rules = list(at(Properties, 'RetryStrategy', 'EvaluateOnExit'));
      const actionFor = (statusReason: string) =>
        rules
          .filter((rule) => at(rule, 'OnExitCode') === undefined)
          .find((rule) => globMatches(String(at(rule, 'OnStatusReason') ?? at(rule, 'OnReason')), rule, statusReason));
      const actions = FARGATE_REASONS.map((reason) => [reason, at(actionFor(reason), 'Action')]);
      expect([id, actions]).toEqual([id, FARGATE_REASONS.map((reason) => [reason, 'RETRY'])]);
      expect(at(actionFor('Essential container in task exited'), 'Action')).toBe('EXIT');
    }
  });

  it('limits every attempt in time and keeps old revisions for a roll-back', () => {
    for (const definition of definitions()) {
      const seconds = Number(at(definition.Properties, 'Timeout', 'AttemptDurationSeconds'));
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThanOrEqual(14 * 86_400); // Fargate may take a machine away after that
      expect(at(definition.Properties, 'ResourceRetentionPolicy', 'SkipDeregisterOnUpdate')).toBe(true);
      expect(at(definition.Properties, 'PropagateTags')).toBe(true);
    }
  });

  it('mixes no machines of EC2 and Fargate in a queue, nor Spot and on-demand', () => {
    const queues = pack.of('AWS::Batch::JobQueue').map(({ id, Properties }) => {
      const ids = list(at(Properties, 'ComputeEnvironmentOrder')).map((each) =>
        referredTo(at(each, 'ComputeEnvironment')),
      );
      return [
        id,
        ids.map((name) => environments().find((each) => each.id === name)).map((each) => each && typeOf(each)),
      ];
    });
    expect(Object.fromEntries(queues)).toEqual({
      EncodeSpotQueue: ['FARGATE_SPOT'],
      EncodeOnDemandQueue: ['FARGATE'],
      GpuSpotQueue: ['SPOT'],
      GpuOnDemandQueue: ['EC2'],
      Encode500SpotQueue: ['SPOT'],
      Encode500OnDemandQueue: ['EC2'],
      Encode2048SpotQueue: ['SPOT'],
      Encode2048OnDemandQueue: ['EC2'],
    });
  });

  it('orders what waits in each queue by its priority, in the share of all jobs', () => {
    for (const { Properties } of pack.of('AWS::Batch::JobQueue'))
      expect(referredTo(at(Properties, 'SchedulingPolicyArn'))).toBe('ByPriority');
    const [policy] = pack.of('AWS::Batch::SchedulingPolicy');
    const shares = list(at(policy?.Properties, 'FairsharePolicy', 'ShareDistribution'));
    expect(shares.map((each) => at(each, 'ShareIdentifier'))).toEqual([SHARE]);
  });

  it('keeps no instance while there is nothing to do', () => {
    const onEc2 = environments().filter((each) => ['SPOT', 'EC2'].includes(String(typeOf(each))));
    expect(onEc2.map((each) => at(each.Properties, 'ComputeResources', 'MinvCpus'))).toEqual(onEc2.map(() => 0));
    expect(onEc2.filter((each) => at(each.Properties, 'ComputeResources', 'DesiredvCpus') !== undefined)).toEqual([]);
  });

  it('lets Spot choose among several GPU families by price and capacity', () => {
    const spot = environments().find(({ id }) => id === 'GpuSpot');
    const types = list(at(spot?.Properties, 'ComputeResources', 'InstanceTypes')).map(String);
    expect(new Set(types.map((type) => type.split('.')[0]))).toEqual(new Set(['g4dn', 'g5', 'g6']));
    expect(at(spot?.Properties, 'ComputeResources', 'AllocationStrategy')).toBe('SPOT_PRICE_CAPACITY_OPTIMIZED');
  });

  it('has room in each GPU environment for one job', () => {
    const onEc2 = environments().filter(({ id }) => id.startsWith('Gpu'));
    const rooms = onEc2.map((each) => Number(at(each.Properties, 'ComputeResources', 'MaxvCpus')));
    expect(Math.min(...rooms)).toBeGreaterThanOrEqual(4);
  });

  it('cancels what can never start, after ten minutes at the earliest', () => {
    for (const { Properties } of pack.of('AWS::Batch::JobQueue')) {
      const actions = list(at(Properties, 'JobStateTimeLimitActions'));
      expect(actions.map((each) => at(each, 'Reason'))).toEqual([
        'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
        'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
        'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
      ]);
      expect(
        actions.filter((each) => at(each, 'Action') !== 'CANCEL' || Number(at(each, 'MaxTimeSeconds')) < 600),
      ).toEqual([]);
    }
  });
});

describe('a stage without graphics cards', () => {
  it.each(['maxGpuVcpus=0', 'gpuInstances=[]'])('has nothing of them, and all the rest: %s', async (param) => {
    const { template } = await packaged('prod', [param]);
    const stack = { account: '123456789012', region: 'ap-south-2', stack: 'reelmill-prod' };
    const made = [...evaluated(template, stack).values()]; // throws where anything refers to what is not there
    const idsOf = (type: string) => made.filter(({ Type }) => Type === type).map(({ id }) => id);
    const withoutGpu = (type: string) => idsOf(type).filter((id) => !/^Encode\d+(?:Spot|OnDemand|Launch)/.test(id));
    expect(withoutGpu('AWS::Batch::JobQueue')).toEqual(['EncodeSpotQueue', 'EncodeOnDemandQueue']);
    expect(withoutGpu('AWS::Batch::ComputeEnvironment')).toEqual(['EncodeSpot', 'EncodeOnDemand']);
    expect(idsOf('AWS::Batch::JobDefinition').filter((id) => /Upscale/.test(id))).toEqual(['UpscaleOnCpuJob']);
    expect(withoutGpu('AWS::EC2::LaunchTemplate')).toEqual([]);
    expect(idsOf('AWS::IAM::InstanceProfile')).toEqual(['GpuInstanceProfile']); // of the machines with volumes
    const onDrop = made.find(({ id }) => id === 'OnDropLambdaFunction');
    const told = Object.keys(at(onDrop?.Properties, 'Environment', 'Variables') ?? {});
    expect(told.filter((name) => /GPU|UPSCALE/.test(name))).toEqual(['UPSCALE_ON_CPU_JOB_DEFINITION']);
  });
});

describe('the table of Fargate sizes', () => {
  it('has every size that a route may ask for', () => {
    expect(
      [...SIZES, UPSCALE_ON_CPU_SIZE].filter(({ vcpu, memoryMiB }) => !isLegalOnFargate(`${vcpu}`, memoryMiB)),
    ).toEqual([]);
  });

  it.each([
    { vcpu: '4', memory: 8192, legal: true },
    { vcpu: '4', memory: 7168, legal: false },
    { vcpu: '8', memory: 17408, legal: false },
    { vcpu: '16', memory: 122880, legal: true },
    { vcpu: '3', memory: 8192, legal: false },
  ])('says of $vcpu vCPU with $memory MiB: $legal', ({ vcpu, memory, legal }) => {
    expect(isLegalOnFargate(vcpu, memory)).toBe(legal);
  });
});
