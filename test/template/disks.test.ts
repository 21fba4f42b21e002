import { beforeAll, describe, expect, it } from '@jest/globals';
import { STACK_DISKS } from '../../core/dispatch/disks.ts';
import { MACHINE_SIZE } from '../../core/dispatch/route.ts';
import { evaluated, type Made } from '../support/evaluated-template.ts';
import { at, list, packaged } from '../support/packaged-template.ts';

const STACK = { account: '123456789012', region: 'us-east-1', stack: 'reelmill-prod' };
const VOLUMES = STACK_DISKS.cpu.filter(({ isVolume }) => isVolume).map(({ gib }) => gib);
const ON_FARGATE = STACK_DISKS.cpu.filter(({ isVolume }) => !isVolume).map(({ gib }) => gib);

describe('the disks of a stack with machines that have volumes', () => {
  let made: ReadonlyMap<string, Made>;
  beforeAll(async () => {
    made = evaluated((await packaged('prod')).template, STACK);
  });
  const variables = (id: string) => at(made.get(id)?.Properties, 'Environment', 'Variables');
  const variable = (id: string, name: string) => String(at(variables(id), name));
  const definition = (id: string, ...path: string[]) => at(made.get(id)?.Properties, ...path);
  const amount = (id: string, type: string) =>
    list(definition(id, 'ContainerProperties', 'ResourceRequirements')).flatMap((each) =>
      at(each, 'Type') === type ? [at(each, 'Value')] : [],
    )[0];

  it('are those that the plan counts with: 21, 50, 100 and 200 GiB on Fargate, 500 GiB and 2 TiB on machines', () => {
    expect([...ON_FARGATE, ...VOLUMES]).toEqual([21, 50, 100, 200, 500, 2048]);
    const ids = ['EncodeJob', 'EncodeJob50', 'EncodeJob100', 'EncodeJob200'];
    expect(ids.map((id) => definition(id, 'ContainerProperties', 'EphemeralStorage', 'SizeInGiB'))).toEqual(ON_FARGATE);
    const volume = (gib: number) =>
      at(
        made.get(`Encode${gib}LaunchTemplate`)?.Properties,
        ...['LaunchTemplateData', 'BlockDeviceMappings', 0, 'Ebs', 'VolumeSize'],
      );
    expect(VOLUMES.map(volume)).toEqual(VOLUMES);
  });

  it('are told to functions and containers, and to functions a definition for each, in the same order', () => {
    const text = `${ON_FARGATE.join(' ')} / ${VOLUMES.join(' ')}`;
    const containers = [...made].filter(([, { Type }]) => Type === 'AWS::Batch::JobDefinition').map(([id]) => id);
    expect(containers).toHaveLength(8);
    for (const id of containers)
      expect(list(definition(id, 'ContainerProperties', 'Environment'))).toContainEqual({
        Name: 'DISKS_GIB',
        Value: text,
      });
    for (const id of ['OnDropLambdaFunction', 'OnJobChangeLambdaFunction', 'SweepLambdaFunction']) {
      expect(variable(id, 'DISKS_GIB')).toBe(text);
      const count = (name: string) => variable(id, name).split(' ').length;
      expect(count('ENCODE_JOB_DEFINITIONS')).toBe(ON_FARGATE.length);
      const large = ['LARGE_JOB_DEFINITIONS', 'BATCH_QUEUES_LARGE', 'BATCH_QUEUES_LARGE_ONDEMAND'];
      expect(large.map(count)).toEqual(large.map(() => VOLUMES.length));
    }
  });

  it('have one job on each machine with a volume, and room for one in each of their environments', () => {
    for (const gib of VOLUMES) {
      const id = `EncodeJob${gib}`;
      expect([amount(id, 'VCPU'), amount(id, 'MEMORY')]).toEqual([`${MACHINE_SIZE.vcpu}`, `${MACHINE_SIZE.memoryMiB}`]);
      for (const market of ['Spot', 'OnDemand']) {
        const machines = at(made.get(`Encode${gib}${market}`)?.Properties, 'ComputeResources');
        const types = list(at(machines, 'InstanceTypes')).map(String);
        expect(types.length).toBeGreaterThanOrEqual(3);
        expect(types.filter((type) => !type.endsWith('.4xlarge'))).toEqual([]); // 16 vCPU
        expect(Number(at(machines, 'MaxvCpus'))).toBeGreaterThanOrEqual(MACHINE_SIZE.vcpu);
        expect(at(machines, 'MinvCpus')).toBe(0);
      }
    }
  });

  it("keep the instance's credentials from containers as machines with a graphics card do", () => {
    const data = (id: string) => at(made.get(id)?.Properties, 'LaunchTemplateData');
    const gpu = data('GpuLaunchTemplate');
    for (const gib of VOLUMES) {
      const own = data(`Encode${gib}LaunchTemplate`);
      expect(at(own, 'MetadataOptions')).toEqual(at(gpu, 'MetadataOptions'));
      expect(at(own, 'UserData')).toEqual(at(gpu, 'UserData'));
      expect(at(own, 'BlockDeviceMappings', 0, 'Ebs', 'Encrypted')).toBe(true);
      expect(definition(`EncodeJob${gib}`, 'ContainerProperties', 'User')).toBe('10001');
    }
  });
});

describe('a stage without machines that have volumes', () => {
  it('has nothing of them, and its programs know of none', async () => {
    const { template } = await packaged('dev', ['maxGpuVcpus=0']);
    const made = evaluated(template, { ...STACK, stack: 'reelmill-dev' }); // throws where anything refers to what is not there
    const ids = [...made.keys()];
    expect(ids.filter((id) => /^Encode(Job)?(500|2048)/.test(id))).toEqual([]);
    expect(ids.filter((id) => /InstanceProfile|LaunchTemplate/.test(id))).toEqual([]);
    const told = at(made.get('OnDropLambdaFunction')?.Properties, 'Environment', 'Variables') ?? {};
    expect(at(told, 'DISKS_GIB')).toBe(`${ON_FARGATE.join(' ')} /`);
    expect(Object.keys(told).filter((name) => /LARGE/.test(name))).toEqual([]);
  });
});
