// One job definition for each disk that an encoding container can have: Batch lets a submission change a container's size, and not
// its disk. Each image makes a revision, and old revisions stay: a function's version names the one it was released with.
const { ON_FARGATE, VOLUMES, definitionOf } = require('./disk-sizes.cjs');

const ENDS = [
  { Action: 'RETRY', OnExitCode: '75' },
  { Action: 'EXIT', OnReason: '*' }, // no matching rule means another attempt, so that the last one ends it
];
/** What Fargate says of a task that it could not start stands in the status reason; only instances of EC2 say it of the container. */
const ENDS_ON_FARGATE = [
  { Action: 'RETRY', OnStatusReason: 'Your Spot Task was interrupted*' },
  { Action: 'RETRY', OnStatusReason: 'CannotPullContainerError:*' },
  { Action: 'RETRY', OnStatusReason: 'ResourceInitializationError:*' },
  ...ENDS,
];
const ENDS_ON_MACHINES = [
  { Action: 'RETRY', OnStatusReason: 'Host EC2*' },
  { Action: 'RETRY', OnReason: 'CannotPullContainerError:*' },
  ...ENDS,
];

/** The image names /work as a volume, so that it belongs to the image's user; all else of its file system cannot be written to. */
const WRITES_TO_WORK_ALONE = {
  ReadonlyRootFilesystem: true,
  Volumes: [{ Name: 'work' }],
  MountPoints: [{ SourceVolume: 'work', ContainerPath: '/work', ReadOnly: false }],
};

const environment = (/** @type {string} */ stage, /** @type {string} */ disks) => [
  { Name: 'STAGE', Value: stage },
  { Name: 'LOGS', Value: { Ref: 'Logs' } },
  { Name: 'MEDIA_BUCKET', Value: { Ref: 'MediaBucket' } },
  { Name: 'LOG_BUCKET', Value: { Ref: 'LogBucket' } },
  { Name: 'JOBS_TABLE', Value: { Ref: 'JobsTable' } },
  { Name: 'DISKS_GIB', Value: disks },
];

const sized = (/** @type {string} */ vcpu, /** @type {string} */ memory) => [
  { Type: 'VCPU', Value: vcpu },
  { Type: 'MEMORY', Value: memory },
];

module.exports = async ({ resolveVariable }) => {
  const [prefix, Tags, stage, CpuArchitecture, disks] = await Promise.all(
    [
      'self:custom.prefix',
      'self:custom.tags',
      'sls:stage',
      'param:cpuArchitecture',
      'file(resources/disks.cjs):text',
    ].map((name) => resolveVariable(name)),
  );
  const definition = (gib, EvaluateOnExit, container) => ({
    Type: 'AWS::Batch::JobDefinition',
    Properties: {
      JobDefinitionName: gib === ON_FARGATE[0] ? `${prefix}-encode` : `${prefix}-encode-${gib}`,
      Type: 'container',
      PropagateTags: true,
      ResourceRetentionPolicy: { SkipDeregisterOnUpdate: true },
      Timeout: { AttemptDurationSeconds: 43_200 },
      RetryStrategy: { Attempts: 5, EvaluateOnExit },
      ...container.platform,
      ContainerProperties: {
        Image: { Ref: 'EncodeImage' },
        JobRoleArn: { 'Fn::GetAtt': ['EncodeTaskRole', 'Arn'] },
        ExecutionRoleArn: { 'Fn::GetAtt': ['TaskExecutionRole', 'Arn'] },
        ...WRITES_TO_WORK_ALONE,
        ...container.properties,
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: { 'awslogs-group': { Ref: 'TaskLogs' }, 'awslogs-stream-prefix': 'encode', mode: 'non-blocking' },
        },
      },
      Tags,
    },
  });
  const onFargate = (gib) =>
    definition(gib, ENDS_ON_FARGATE, {
      platform: { PlatformCapabilities: ['FARGATE'] },
      properties: {
        RuntimePlatform: { OperatingSystemFamily: 'LINUX', CpuArchitecture },
        FargatePlatformConfiguration: { PlatformVersion: 'LATEST' },
        NetworkConfiguration: { AssignPublicIp: 'ENABLED' },
        ResourceRequirements: sized('4', '8192'), // where a submission says nothing else; every job brings its own size
        EphemeralStorage: { SizeInGiB: gib },
        Environment: environment(stage, disks),
      },
    });
  const onMachine = (gib) => ({
    Condition: 'LargeOn',
    ...definition(gib, ENDS_ON_MACHINES, {
      platform: { PlatformCapabilities: ['EC2'] },
      properties: {
        User: '10001', // whatever the image says: the instance's own credentials are kept from everybody but root
        ResourceRequirements: sized('16', '57344'), // all of a machine, so that each has one job
        // ECS tells a container on Fargate its region, and one on an instance of EC2 not
        Environment: [{ Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } }, ...environment(stage, disks)],
      },
    }),
  });
  return {
    Resources: {
      ...Object.fromEntries(ON_FARGATE.map((gib) => [definitionOf(gib), onFargate(gib)])),
      ...Object.fromEntries(VOLUMES.map((gib) => [definitionOf(gib), onMachine(gib)])),
    },
  };
};
