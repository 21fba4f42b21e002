import type { Made } from './evaluated-template.ts';
import type { Asked } from './iam.ts';
import { at } from './packaged-template.ts';
import type { CommandSite } from './reachable-commands.ts';

/** A function or a container of the stack: where its code begins, and the role it has. */
export type Program = { readonly entry: string; readonly role: string };

export const PROGRAMS = {
  'on-drop': { entry: 'functions/on-drop.ts', role: 'OnDropRole' },
  'on-job-change': { entry: 'functions/on-job-change.ts', role: 'OnJobChangeRole' },
  'notify-slack': { entry: 'functions/notify-slack.ts', role: 'NotifySlackRole' },
  sweep: { entry: 'functions/sweep.ts', role: 'SweepRole' },
  report: { entry: 'functions/report.ts', role: 'ReportRole' },
  thumbnail: { entry: 'functions/thumbnail.ts', role: 'ThumbnailRole' },
  api: { entry: 'functions/api.ts', role: 'ApiRole' },
  'spending-stop': { entry: 'functions/spending-stop.ts', role: 'SpendingStopRole' },
  encode: { entry: 'tasks/encode.ts', role: 'EncodeTaskRole' },
  upscale: { entry: 'tasks/upscale.ts', role: 'UpscaleTaskRole' },
} as const satisfies Record<string, Program>;
export type ProgramName = keyof typeof PROGRAMS;

const JOB = '0123456789abcdef0123456789abcdef';
const OUTPUT = 'output/preserve/a/clip.mov';
const BURST = `work/burst/${JOB}.json`;
const DOCUMENTS = ['house/house.json', 'house/playlists/evening.json', 'work/uploads/abc-1/0123.json'];

/** The keys that a program reads or writes by a site that many programs share: an example of each kind. */
const READ: Partial<Record<ProgramName, readonly string[]>> = {
  'on-drop': ['recipes.json'],
  'on-job-change': [`${OUTPUT}/manifest.json`, BURST],
  sweep: [`${OUTPUT}/manifest.json`],
  report: [`${OUTPUT}/manifest.json`],
  thumbnail: [`${OUTPUT}/poster.jpg`, 'cache/thumbnails/ab/abc-320.webp'],
  api: ['recipes.json', `${OUTPUT}/manifest.json`, ...DOCUMENTS],
  ...forTasks([
    'recipes.json',
    `${OUTPUT}/manifest.json`,
    `work/${JOB}/fan-out.json`,
    `work/${JOB}/measured.json`,
    BURST,
    'cache/pieces/ab/abc.json',
  ]),
};
const WRITTEN: Partial<Record<ProgramName, readonly string[]>> = {
  'on-job-change': ['failed/preserve/a/clip.mov.json'],
  sweep: ['failed/preserve/a/clip.mov.json'],
  thumbnail: ['cache/thumbnails/ab/abc-320.webp'],
  api: DOCUMENTS,
  ...forTasks([
    ...[
      `${OUTPUT}/manifest.json`,
      'output/.made/ab/abc.json',
      `work/${JOB}/fan-out.json`,
      `work/${JOB}/measured.json`,
      'cache/pieces/ab/abc.json',
    ],
    'failed/preserve/a/clip.mov.json',
  ]),
};
const FETCHED = [
  'input/preserve/a/clip.mov',
  `${OUTPUT}/clip.mp4`,
  'cache/pieces/ab/abc.nut',
  'models/realesrgan.onnx',
];
const UPLOADED = [`${OUTPUT}/clip.mp4`, 'cache/pieces/ab/abc.nut'];

function forTasks(keys: readonly string[]) {
  return { encode: keys, upscale: keys };
}

/** The resources of a stack as it would be made, by their logical ids. */
export function namesOf(
  made: ReadonlyMap<string, Made>,
  sourceKeys: readonly string[] = [],
  sourceBuckets: readonly string[] = [],
) {
  const its = (id: string): Made => {
    const found = made.get(id);
    if (!found) throw new Error(`the stack has no ${id}`);
    return found;
  };
  const arn = (id: string): string => its(id).attributes.Arn ?? its(id).Ref;
  const [, partition = '', , region = '', account = ''] = arn('DropsQueue').split(':');
  return {
    made,
    /** The keys of KMS that sources are encrypted under. */
    sourceKeys,
    /** The ARNs of other buckets that sources may lie in. */
    sourceBuckets,
    has: (id: string) => made.has(id),
    /** Whether the report walks the archive (verifyMonths). */
    walks:
      at(made.get('ReportLambdaFunction')?.Properties ?? {}, 'Environment', 'Variables', 'VERIFY_MONTHS') !==
        undefined &&
      `${at(made.get('ReportLambdaFunction')?.Properties ?? {}, 'Environment', 'Variables', 'VERIFY_MONTHS')}` !== '0',
    ref: (id: string) => its(id).Ref,
    arn,
    /** An ARN of another resource of the same account and region. */
    beside: (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`,
    media: (key: string) => `${arn('MediaBucket')}/${key}`,
    logs: (key: string) => `${arn('LogBucket')}/${key}`,
  };
}
export type Names = ReturnType<typeof namesOf>;

type Calls = (names: Names, program: ProgramName) => readonly Asked[];

const one = (action: string, resource: string, context?: Asked['context']): Asked =>
  context ? { action, resource, context } : { action, resource };

/** Without the permission to list S3 answers "forbidden", not "not found", where there is nothing. */
const reading = (names: Names, keys: readonly string[]): readonly Asked[] => [
  ...keys.map((key) => one('s3:GetObject', names.media(key))),
  one('s3:ListBucket', names.arn('MediaBucket')),
  ...(keys.some((key) => key.startsWith('input/')) ? readingOthers(names) : []),
];
/** Sources may lie in other buckets, which are only read. */
const readingOthers = ({ sourceBuckets }: Names): readonly Asked[] =>
  sourceBuckets.flatMap((arn) => [one('s3:GetObject', `${arn}/2019/film.mov`), one('s3:ListBucket', arn)]);
/** S3 decrypts in the name of who reads. */
const decrypting = ({ sourceKeys }: Names) => sourceKeys.map((key) => one('kms:Decrypt', key));
const rows =
  (operation: string, ...keys: readonly string[]): Calls =>
  (names) =>
    keys.map((key) => one(`dynamodb:${operation}`, names.arn('JobsTable'), { 'dynamodb:LeadingKeys': key }));
const endpointObject =
  (action: string, name: string): Calls =>
  (names) =>
    names.has('UpscaleEndpoint') ? [one(action, names.media(`work/endpoint/${name}`))] : [];
const everywhere =
  (action: string): Calls =>
  () => [one(action, '*')];
const buckets =
  (action: string): Calls =>
  (names) =>
    ['MediaBucket', 'LogBucket'].map((id) => one(action, names.arn(id)));

/** Files that a task publishes or keeps. */
const uploaded =
  (action: string): Calls =>
  (names) =>
    UPLOADED.map((key) => one(action, names.media(key)));

/** Results that are taken over from another place of the bucket. */
const copied =
  (...actions: readonly string[]): Calls =>
  (names) =>
    actions.map((action) => one(action, names.media(`${OUTPUT}/clip.mp4`)));

const QUEUES = [
  ...['EncodeSpotQueue', 'EncodeOnDemandQueue', 'GpuSpotQueue', 'GpuOnDemandQueue'],
  ...['Encode500SpotQueue', 'Encode500OnDemandQueue', 'Encode2048SpotQueue', 'Encode2048OnDemandQueue'],
];
const DEFINITIONS = [
  ...['EncodeJob', 'EncodeJob50', 'EncodeJob100', 'EncodeJob200', 'EncodeJob500', 'EncodeJob2048'],
  ...['UpscaleJob', 'UpscaleOnCpuJob'],
];
const queuesOf = (names: Names) => QUEUES.filter(names.has);

const submitting: Calls = (names) => [
  ...queuesOf(names).map((id) => one('batch:SubmitJob', names.ref(id))),
  ...DEFINITIONS.filter(names.has).map((id) => one('batch:SubmitJob', names.ref(id))),
  one('batch:TagResource', names.beside('batch', `job/${JOB}`)),
];
const stageOf = (names: Names) =>
  /^reelmill-([a-z]+)-/.exec(names.arn('DropsQueue').split(':').at(-1) ?? '')?.[1] ?? '';
const execution = (names: Names) =>
  names.beside('states', `execution:${names.made.get('Workflow')?.attributes.Name ?? ''}:${JOB}-m5x3k2a1`);

const UPLOAD = 'input/preserve/abc-1/a/clip.mov';
const uploading =
  (action: string, context?: Asked['context']): Calls =>
  (names) => [one(action, names.media(UPLOAD), context)];

/** What every command of the code asks IAM for: by the service authorisation reference, on the resources it is called on. */
export const CALLS: Readonly<Record<CommandSite, Calls>> = {
  'adapters/aws/aws-auditor.ts GetCostAndUsageCommand': everywhere('ce:GetCostAndUsage'),
  'adapters/aws/aws-auditor.ts LookupEventsCommand': everywhere('cloudtrail:LookupEvents'),
  'adapters/aws/drops-queue.ts SendMessageBatchCommand': (names) => [one('sqs:SendMessage', names.arn('DropsQueue'))],
  'adapters/aws/aws-steering.ts StopExecutionCommand': (names) => [one('states:StopExecution', execution(names))],
  'adapters/aws/aws-steering.ts TerminateJobCommand': (names) => [
    one('batch:TerminateJob', names.beside('batch', `job/${JOB}`), { 'aws:ResourceTag/stage': stageOf(names) }),
  ],
  'adapters/aws/bucket-findings.ts GetBucketEncryptionCommand': buckets('s3:GetEncryptionConfiguration'),
  'adapters/aws/bucket-findings.ts GetBucketLoggingCommand': buckets('s3:GetBucketLogging'),
  'adapters/aws/bucket-findings.ts GetBucketPolicyStatusCommand': buckets('s3:GetBucketPolicyStatus'),
  'adapters/aws/bucket-findings.ts GetBucketVersioningCommand': buckets('s3:GetBucketVersioning'),
  'adapters/aws/bucket-findings.ts GetPublicAccessBlockCommand': buckets('s3:GetBucketPublicAccessBlock'),
  'adapters/aws/batch-jobs.ts SubmitJobCommand': submitting,
  'adapters/aws/batch-jobs.ts ListJobsCommand': everywhere('batch:ListJobs'),
  'adapters/aws/batch-jobs.ts DescribeJobsCommand': everywhere('batch:DescribeJobs'),
  'adapters/aws/burst-lists.ts PutObjectCommand': (names) => [one('s3:PutObject', names.media(BURST))],
  'adapters/aws/cloudwatch-meter.ts PutMetricDataCommand': () => [
    one('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Reelmill' }),
  ],
  'adapters/aws/compute-environments.ts UpdateComputeEnvironmentCommand': (names) =>
    queuesOf(names).map((id) => one('batch:UpdateComputeEnvironment', names.ref(id.replace(/Queue$/, '')))),
  'adapters/aws/dynamo-demand-store.ts GetCommand': rows('GetItem', `demand#${OUTPUT}`),
  'adapters/aws/dynamo-demand-store.ts UpdateCommand': rows('UpdateItem', `demand#${OUTPUT}`),
  'adapters/aws/dynamo-job-store.ts GetCommand': rows('GetItem', JOB),
  'adapters/aws/dynamo-job-store.ts PutCommand': rows('PutItem', JOB),
  'adapters/aws/dynamo-job-store.ts UpdateCommand': rows('UpdateItem', JOB),
  'adapters/aws/dynamo-listing.ts BatchGetCommand': rows('BatchGetItem', JOB),
  'adapters/aws/dynamo-listing.ts QueryCommand': (names, program) => [
    one('dynamodb:Query', `${names.arn('JobsTable')}/index/${program === 'report' ? 'newest' : 'open'}`),
  ],
  'adapters/aws/dynamo-once.ts GetCommand': rows('GetItem', 'once#settled a'),
  'adapters/aws/dynamo-once.ts UpdateCommand': rows('UpdateItem', 'once#settled a'),
  'adapters/aws/dynamo-spending.ts GetCommand': rows('GetItem', 'spending#2026-11'),
  'adapters/aws/dynamo-spending.ts UpdateCommand': rows('UpdateItem', 'spending#2026-11'),
  'adapters/aws/endpoint-invocations.ts GetObjectCommand': endpointObject('s3:GetObject', `${JOB}.receipt`),
  'adapters/aws/endpoint-invocations.ts HeadObjectCommand': endpointObject('s3:GetObject', 'answers/1.out'),
  'adapters/aws/endpoint-invocations.ts PutObjectCommand': endpointObject('s3:PutObject', JOB),
  'adapters/aws/endpoint-invocations.ts InvokeEndpointAsyncCommand': (names) =>
    names.has('UpscaleEndpoint') ? [one('sagemaker:InvokeEndpointAsync', names.ref('UpscaleEndpoint'))] : [],
  'adapters/aws/executions.ts DescribeExecutionCommand': (names) => [one('states:DescribeExecution', execution(names))],
  'adapters/aws/executions.ts StartExecutionCommand': (names) => [one('states:StartExecution', names.ref('Workflow'))],
  'adapters/aws/machines-upkeep.ts DescribeEndpointCommand': (names) =>
    names.has('UpscaleEndpoint') ? [one('sagemaker:DescribeEndpoint', names.ref('UpscaleEndpoint'))] : [],
  'adapters/aws/machines-upkeep.ts GetMetricStatisticsCommand': (names) =>
    names.has('UpscaleEndpoint') ? [one('cloudwatch:GetMetricStatistics', '*')] : [],
  'adapters/aws/machines-upkeep.ts ListJobsCommand': everywhere('batch:ListJobs'),
  'adapters/aws/machines-upkeep.ts paginateDescribeInstances': everywhere('ec2:DescribeInstances'),
  'adapters/aws/machines-upkeep.ts paginateListEndpoints': everywhere('sagemaker:ListEndpoints'),
  'adapters/aws/queued-jobs.ts DescribeJobsCommand': everywhere('batch:DescribeJobs'),
  'adapters/aws/queued-jobs.ts paginateListJobs': everywhere('batch:ListJobs'),
  // Whoever uses a signed address has the rights of whoever signed it.
  'adapters/aws/s3-addresses.ts GetObjectCommand': (names) => [one('s3:GetObject', names.media(`${OUTPUT}/clip.mp4`))],
  'adapters/aws/s3-documents.ts DeleteObjectCommand': (names) =>
    DOCUMENTS.map((key) => one('s3:DeleteObject', names.media(key))),
  'adapters/aws/s3-documents.ts PutObjectCommand': (names) =>
    DOCUMENTS.map((key) => one('s3:PutObject', names.media(key))),
  'adapters/aws/s3-part-store.ts AbortMultipartUploadCommand': uploading('s3:AbortMultipartUpload'),
  'adapters/aws/s3-part-store.ts CompleteMultipartUploadCommand': uploading('s3:PutObject', {
    's3:ObjectCreationOperation': 'true',
    's3:if-none-match': '*',
  }),
  'adapters/aws/s3-part-store.ts CreateMultipartUploadCommand': uploading('s3:PutObject'),
  'adapters/aws/s3-part-store.ts UploadPartCommand': uploading('s3:PutObject'),
  'adapters/aws/s3-part-store.ts paginateListParts': uploading('s3:ListMultipartUploadParts'),
  'adapters/aws/s3-copy.ts AbortMultipartUploadCommand': copied('s3:AbortMultipartUpload'),
  'adapters/aws/s3-copy.ts CompleteMultipartUploadCommand': copied('s3:PutObject'),
  'adapters/aws/s3-copy.ts CreateMultipartUploadCommand': copied('s3:PutObject'),
  'adapters/aws/s3-copy.ts HeadObjectCommand': (names) => reading(names, [`${OUTPUT}/clip.mp4`]),
  'adapters/aws/s3-copy.ts UploadPartCopyCommand': copied('s3:GetObject', 's3:PutObject'),
  'adapters/aws/s3-ranges.ts GetObjectCommand': (names) => [...reading(names, FETCHED), ...decrypting(names)],
  'adapters/aws/s3-download.ts HeadObjectCommand': (names) => reading(names, FETCHED),
  'adapters/aws/s3-head.ts HeadObjectCommand': (names, program) =>
    reading(names, program === 'thumbnail' ? [`${OUTPUT}/poster.jpg`] : FETCHED),
  'adapters/aws/s3-headers.ts GetObjectCommand': (names) => [
    ...reading(names, ['input/preserve/a/clip.mov']),
    ...decrypting(names),
  ],
  'adapters/aws/s3-headers.ts HeadObjectCommand': (names) => reading(names, ['input/preserve/a/clip.mov']),
  'adapters/aws/s3-headers.ts RestoreObjectCommand': (names) => [
    one('s3:RestoreObject', names.media('input/preserve/a/clip.mov')),
  ],
  'adapters/aws/s3-inbox.ts GetObjectCommand': (names) => reading(names, ['input/preserve/a/clip.mov']),
  'adapters/aws/s3-inbox.ts HeadObjectCommand': (names) => reading(names, ['input/preserve/a/clip.mov']),
  'adapters/aws/s3-list.ts paginateListObjectsV2': (names, program) =>
    program === 'report' && !names.walks ? [] : [one('s3:ListBucket', names.arn('MediaBucket'))],
  'adapters/aws/s3-source-keeper.ts CopyObjectCommand': (names) => [
    ...reading(names, ['input/preserve/a/clip.mov']),
    one('s3:PutObject', names.media(`${OUTPUT}/source/clip.mov`)),
  ],
  'adapters/aws/s3-source-keeper.ts DeleteObjectCommand': (names) => [
    one('s3:DeleteObject', names.media(`${OUTPUT}/source/clip.mov`)),
  ],
  'adapters/aws/s3-source-keeper.ts HeadObjectCommand': (names) =>
    reading(names, ['input/preserve/a/clip.mov', `${OUTPUT}/source/clip.mov`]),
  'adapters/aws/s3-stored-sum.ts HeadObjectCommand': (names) =>
    names.walks ? reading(names, [`${OUTPUT}/clip.mp4`]) : [],
  'adapters/aws/s3-object-store.ts CopyObjectCommand': copied('s3:GetObject', 's3:PutObject'),
  'adapters/aws/s3-object-store.ts DeleteObjectCommand': (names) =>
    [...UPLOADED, 'failed/preserve/a/clip.mov.json'].map((key) => one('s3:DeleteObject', names.media(key))),
  'adapters/aws/s3-small-objects.ts GetObjectCommand': (names, program) =>
    program === 'report' && !names.walks ? [] : reading(names, READ[program] ?? []),
  'adapters/aws/s3-small-objects.ts PutObjectCommand': (names, program) => [
    ...(WRITTEN[program] ?? []).map((key) => one('s3:PutObject', names.media(key))),
    ...(program === 'report' ? [one('s3:PutObject', names.logs('reports/dev-2026-10.json'))] : []),
    ...(['encode', 'upscale'].includes(program)
      ? [one('s3:PutObject', names.logs(`tasks/${JOB}/all-attempt-1.jsonl`))]
      : []),
  ],
  // The library sends one request or several, and takes back what it cannot finish.
  'adapters/aws/s3-upload.ts AbortMultipartUploadCommand': uploaded('s3:AbortMultipartUpload'),
  'adapters/aws/s3-upload.ts CompleteMultipartUploadCommand': uploaded('s3:PutObject'),
  'adapters/aws/s3-upload.ts CreateMultipartUploadCommand': uploaded('s3:PutObject'),
  'adapters/aws/s3-upload.ts PutObjectCommand': uploaded('s3:PutObject'),
  'adapters/aws/s3-upload.ts UploadPartCommand': uploaded('s3:PutObject'),
  'adapters/aws/s3-upkeep.ts AbortMultipartUploadCommand': (names) =>
    [`${OUTPUT}/clip.mp4`, 'cache/pieces/ab/abc.nut'].map((key) => one('s3:AbortMultipartUpload', names.media(key))),
  'adapters/aws/s3-upkeep.ts DeleteObjectCommand': (names) => [
    one('s3:DeleteObject', names.media(`work/${JOB}/fan-out.json`)),
  ],
  'adapters/aws/s3-upkeep.ts ListMultipartUploadsCommand': (names) => [
    one('s3:ListBucketMultipartUploads', names.arn('MediaBucket')),
  ],
  'adapters/aws/s3-upkeep.ts paginateListObjectsV2': (names) => [one('s3:ListBucket', names.arn('MediaBucket'))],
  'adapters/aws/sns-notifier.ts PublishCommand': (names) => [one('sns:Publish', names.ref('Notices'))],
  'adapters/aws/spot-upkeep.ts CancelJobCommand': (names) => [
    one('batch:CancelJob', names.beside('batch', `job/${JOB}`)),
  ],
  'adapters/aws/spot-upkeep.ts DescribeComputeEnvironmentsCommand': everywhere('batch:DescribeComputeEnvironments'),
  'adapters/aws/spot-upkeep.ts DescribeJobQueuesCommand': everywhere('batch:DescribeJobQueues'),
  'runtime/aws/slack-ports.ts GetSecretValueCommand': (names) => [
    one('secretsmanager:GetSecretValue', names.ref('SlackSecret')),
  ],
};

/** What a service does with a program's role before or after the program runs. */
export function callsOfLambda(names: Names, program: ProgramName, name: string): readonly Asked[] {
  if (program === 'encode' || program === 'upscale') return [];
  const stream = names.beside('logs', `log-group:/aws/lambda/${name}:log-stream:2026/11/28/[3]0123456789abcdef`);
  const writesLogs = names.has('FunctionLogsPolicy');
  return [
    ...(writesLogs ? ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => one(action, stream)) : []),
    ...(program === 'on-drop'
      ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((each) =>
          one(`sqs:${each}`, names.arn('DropsQueue')),
        )
      : program === 'notify-slack'
        ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((each) =>
            one(`sqs:${each}`, names.arn('SlackQueue')),
          )
        : program === 'thumbnail' || program === 'api'
          ? []
          : [one('sqs:SendMessage', names.arn('EventDeadLetters'))]),
  ];
}

/** What ECS does with the execution role before a container runs (docs: Amazon ECS task execution IAM role). */
export function callsOfEcs(names: Names): readonly Asked[] {
  const stream = names.beside('logs', `log-group:${names.ref('TaskLogs')}:log-stream:encode/default/0123456789abcdef`);
  return [
    one('ecr:GetAuthorizationToken', '*'),
    ...['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'].map((each) =>
      one(`ecr:${each}`, names.beside('ecr', 'repository/reelmill/encode')),
    ),
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => one(action, stream)),
  ];
}

/** What SageMaker does with the endpoint's role, besides what its container does (docs: SageMaker execution roles). */
export function callsOfSageMaker(names: Names): readonly Asked[] {
  const stream = names.beside('logs', 'log-group:/aws/sagemaker/Endpoints/reelmill-prod-upscale:log-stream:gpu/i-1');
  const writesLogs = names.has('FunctionLogsPolicy');
  return [
    one('sns:Publish', names.ref('EndpointResults')),
    one('s3:GetObject', names.media(`work/endpoint/${JOB}`)),
    ...['answers/1.out', 'failures/1.out'].map((key) => one('s3:PutObject', names.media(`work/endpoint/${key}`))),
    ...callsOfEcs(names).filter(({ action }) => action.startsWith('ecr:')),
    ...(writesLogs
      ? ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'].map((each) => one(`logs:${each}`, stream))
      : []),
  ];
}

/** What Step Functions does with the workflow's role: its states' own calls, and what `.sync` needs (docs: connect-batch). */
export function callsOfWorkflow(names: Names): readonly Asked[] {
  const rule = names.beside('events', 'rule/StepFunctionsGetEventsForBatchJobsRule');
  const delivery = [
    'CreateLogDelivery',
    'GetLogDelivery',
    'UpdateLogDelivery',
    'DeleteLogDelivery',
    'ListLogDeliveries',
  ];
  const others = ['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'];
  return [
    ...submitting(names, 'on-drop'),
    one('batch:TerminateJob', names.beside('batch', `job/${JOB}`)),
    one('batch:DescribeJobs', '*'),
    ...['PutTargets', 'PutRule', 'DescribeRule'].map((each) => one(`events:${each}`, rule)),
    one('s3:GetObject', names.media(`work/${JOB}/fan-out.json`)),
    ...(names.has('WorkflowLogs') ? [...delivery, ...others].map((each) => one(`logs:${each}`, '*')) : []),
  ];
}
