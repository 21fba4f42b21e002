// Encoding of films that are too large for a disk of Fargate: machines of EC2 with a volume, Spot first, one job each. Nothing runs
// while there is nothing to do, and nothing of it is there where a stage wants none.
const { VOLUMES } = require('./disk-sizes.cjs');

/** Batch runs containers of EC2 in the network of their host: only root reaches the address of its credentials (batch-gpu.yml). */
const FIRST_BOOT = [
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="==REELMILL=="',
  '',
  '--==REELMILL==',
  'Content-Type: text/cloud-boothook; charset="us-ascii"',
  '',
  '#!/bin/bash',
  'set -e',
  "trap 'systemctl mask --now ecs.service' ERR",
  'iptables -w -I OUTPUT -d 169.254.169.254 -m owner ! --uid-owner 0 -j REJECT',
  'ip6tables -w -I OUTPUT -d fd00:ec2::254 -m owner ! --uid-owner 0 -j REJECT',
  '',
  '--==REELMILL==--',
  '',
].join('\n');

/** Waits that time does not cure are ended (batch-encode.yml). */
const STUCK = [
  ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 1800],
  ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 600],
  ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 600],
].map(([Reason, MaxTimeSeconds]) => ({ State: 'RUNNABLE', Action: 'CANCEL', MaxTimeSeconds, Reason }));

const MARKETS = [
  {
    name: 'Spot',
    queue: 'spot',
    room: 'param:maxLargeVcpus',
    // never more than this share of the on-demand price
    compute: { Type: 'SPOT', AllocationStrategy: 'SPOT_PRICE_CAPACITY_OPTIMIZED', BidPercentage: 80 },
  },
  {
    name: 'OnDemand',
    queue: 'on-demand',
    room: 'param:maxLargeOnDemandVcpus',
    compute: { Type: 'EC2', AllocationStrategy: 'BEST_FIT_PROGRESSIVE' },
  },
];

module.exports = async ({ resolveVariable }) => {
  const [prefix, Tags, tagList, InstanceTypes] = await Promise.all(
    ['self:custom.prefix', 'self:custom.tags', 'self:custom.tagList', 'file(stages/derived.cjs):largeInstances'].map(
      (name) => resolveVariable(name),
    ),
  );
  const Condition = 'LargeOn';
  const launchTemplate = (gib) => ({
    Type: 'AWS::EC2::LaunchTemplate',
    Condition,
    Properties: {
      LaunchTemplateData: {
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        UserData: { 'Fn::Base64': FIRST_BOOT },
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvda',
            Ebs: { VolumeSize: gib, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
          },
        ],
        TagSpecifications: [{ ResourceType: 'volume', Tags: tagList }],
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: tagList }],
    },
  });
  const computeEnvironment = (gib, compute, MaxvCpus) => ({
    Type: 'AWS::Batch::ComputeEnvironment',
    Condition,
    Properties: {
      Type: 'MANAGED',
      ReplaceComputeEnvironment: false,
      UpdatePolicy: { TerminateJobsOnUpdate: false, JobExecutionTimeoutMinutes: 60 },
      ComputeResources: {
        ...compute,
        MinvCpus: 0,
        MaxvCpus,
        InstanceTypes,
        Ec2Configuration: [{ ImageType: 'ECS_AL2023' }],
        InstanceRole: { 'Fn::GetAtt': ['GpuInstanceProfile', 'Arn'] },
        LaunchTemplate: {
          LaunchTemplateId: { Ref: `Encode${gib}LaunchTemplate` },
          Version: { 'Fn::GetAtt': [`Encode${gib}LaunchTemplate`, 'LatestVersionNumber'] },
        },
        Subnets: ['SubnetA', 'SubnetB', 'SubnetC'].map((id) => ({ Ref: id })),
        SecurityGroupIds: [{ Ref: 'TaskSecurityGroup' }],
        Tags,
      },
      Tags,
    },
  });
  const queue = (gib, market, id) => ({
    Type: 'AWS::Batch::JobQueue',
    Condition,
    Properties: {
      JobQueueName: `${prefix}-${market}-${gib}`,
      Priority: 1,
      SchedulingPolicyArn: { Ref: 'ByPriority' },
      State: 'ENABLED',
      ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: { Ref: id } }],
      JobStateTimeLimitActions: STUCK,
    },
  });
  const made = [];
  for (const gib of VOLUMES) {
    made.push([`Encode${gib}LaunchTemplate`, launchTemplate(gib)]);
    for (const { name, queue: market, room, compute } of MARKETS) {
      const id = `Encode${gib}${name}`;
      made.push([id, computeEnvironment(gib, compute, await resolveVariable(room))]);
      made.push([`${id}Queue`, queue(gib, market, id)]);
    }
  }
  return { Resources: Object.fromEntries(made) };
};
