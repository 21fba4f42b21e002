import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CALLS,
  callsOfEcs,
  callsOfLambda,
  callsOfSageMaker,
  callsOfWorkflow,
  namesOf,
  PROGRAMS,
  type ProgramName,
} from '../support/calls-of-programs.ts';
import { evaluated } from '../support/evaluated-template.ts';
import { type Asked, isAllowed, matches, type Statement, statementsOf } from '../support/iam.ts';
import { ALL_OPTIONS } from '../support/option-params.ts';
import { at, DEPLOYED_STAGES, type JsonObject, list, packaged, type Template } from '../support/packaged-template.ts';
import { type CommandSite, openReachability } from '../support/reachable-commands.ts';

const DEPLOYMENT = { account: '123456789012', region: 'eu-central-1' };

/** What the stack may be deployed with that changes who may do what. */
const VARIANTS = [
  ...DEPLOYED_STAGES.map((stage) => ({ stage, params: [], parameters: {} })),
  { stage: 'prod', params: ['thumbnails=public'], parameters: {} },
  { stage: 'dev', params: [], parameters: { Logs: 'cloudwatch', Slack: 'yes', Alarms: 'yes', Trail: 'yes' } },
  { stage: 'prod', params: [], parameters: { UpscaleOn: 'sagemaker', Slack: 'yes' } },
  { stage: 'prod', params: [], parameters: { UpscaleOn: 'sagemaker', Logs: 'cloudwatch' } },
  { stage: 'prod', params: ['pages=on', 'operators=[me@example.org]'], parameters: {} },
  { stage: 'prod', params: ['spendingStopUsd=100', 'slack=yes'], parameters: {} },
  { stage: 'dev', params: ['spendingStopUsd=5', 'slack=yes', 'maxGpuVcpus=0'], parameters: { Logs: 'cloudwatch' } },
  { stage: 'prod', params: ['sourceBuckets=[my-archive,older.archive]'], parameters: {} },
  { stage: 'dev', params: ['maxGpuVcpus=0', 'verifyMonths=12'], parameters: { Alarms: 'yes' } },
  { stage: 'prod', params: [], parameters: { SourceKeys: 'arn:aws:kms:eu-central-1:123456789012:key/1234-abcd' } },
  {
    stage: 'prod',
    params: ALL_OPTIONS,
    parameters: { SourceKeys: 'arn:aws:kms:us-east-1:123456789012:key/1234-abcd' },
  },
];
const programs = Object.keys(PROGRAMS) as readonly ProgramName[];

/** What a resource of a policy may look like, by service (service authorisation reference, "Resource types"). */
const SHAPES: readonly { readonly service: string; readonly shape: RegExp }[] = [
  { service: 's3', shape: /^arn:aws:s3:::[a-z0-9.-]+(?:\/.+)?$/ },
  { service: 'sqs', shape: /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/ },
  { service: 'sns', shape: /^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]+$/ },
  { service: 'dynamodb', shape: /^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w-]+(?:\/index\/(?:\w+|\*))?$/ },
  {
    service: 'batch',
    shape:
      /^arn:aws:batch:[a-z0-9-]+:\d{12}:(?:(?:job-queue|compute-environment)\/[\w-]+|job-definition\/[\w-]+(?:\*|:\d+|:\*)?|job\/\*)$/,
  },
  { service: 'states', shape: /^arn:aws:states:[a-z0-9-]+:\d{12}:(?:stateMachine:[\w-]+|execution:[\w-]+:\*)$/ },
  { service: 'events', shape: /^arn:aws:events:[a-z0-9-]+:\d{12}:rule\/[\w*-]+$/ },
  { service: 'logs', shape: /^arn:aws:logs:[a-z0-9-]+:\d{12}:log-group:[\w/.*-]+(?::\*|:log-stream:[\w/*-]+)?$/ },
  { service: 'ecr', shape: /^arn:aws:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9/*-]+$/ },
  { service: 'secretsmanager', shape: /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/-]+$/ },
  { service: 'sagemaker', shape: /^arn:aws:sagemaker:[a-z0-9-]+:\d{12}:endpoint\/[\w-]+$/ },
  { service: 'lambda', shape: /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w*-]+$/ },
  { service: 'cloudwatch', shape: /^arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:[\w*-]+$/ },
  { service: 'kms', shape: /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/ },
  { service: 'backup', shape: /^arn:aws:backup:[a-z0-9-]+:\d{12}:recovery-point:\*$/ },
  { service: 'ecs', shape: /^arn:aws:ecs:[a-z0-9-]+:\d{12}:(?:cluster|container-instance|task)\/[\w*/-]+$/ },
];

const misshapen = (statements: readonly Statement[]): readonly string[] =>
  statements.flatMap(({ actions, resources }) => {
    const services = new Set(actions.map((action) => action.split(':')[0] ?? ''));
    return resources.filter(
      (arn) => arn !== '*' && !SHAPES.some(({ service, shape }) => services.has(service) && shape.test(arn)),
    );
  });

/** Each action with each resource of what is granted, where no call needs it. */
const unneeded = (statements: readonly Statement[], calls: readonly Asked[]): readonly string[] =>
  statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      statement.actions.flatMap((action) =>
        statement.resources
          .filter(
            (resource) =>
              !calls.some((each) => matches({ ...statement, actions: [action], resources: [resource] }, each)),
          )
          .map((resource) => `${statement.role} may ${action} on ${resource}`),
      ),
    );

const refused = (statements: readonly Statement[], calls: readonly Asked[]): readonly string[] =>
  calls.filter((each) => !isAllowed(statements, each)).map(({ action, resource }) => `${action} on ${resource}`);

let reachability: ReturnType<typeof openReachability>;
const sites = new Map<ProgramName, readonly CommandSite[]>();

beforeAll(() => {
  reachability = openReachability();
  for (const name of programs) sites.set(name, reachability.commandsOf(PROGRAMS[name].entry));
});
afterAll(() => reachability.close());

describe('the commands that code can come to', () => {
  it('are all known here, with what each asks IAM for', () => {
    const reached = [...new Set([...sites.values()].flat())].sort();
    expect(reached.length).toBeGreaterThan(30);
    expect(Object.keys(CALLS).sort()).toEqual(reached);
  });

  it('are those of the methods that are called, not of all that a port has', () => {
    expect(sites.get('report')).toContain('adapters/aws/dynamo-once.ts UpdateCommand');
    expect(sites.get('report')).not.toContain('adapters/aws/dynamo-job-store.ts PutCommand');
  });
});

/** Everything that IAM would refuse, or that is granted for nothing, in a template as it would be deployed. */
function wrongIn(template: Template, stage: string, parameters: Readonly<Record<string, string>>) {
  const made = evaluated(template, { ...DEPLOYMENT, stack: `reelmill-${stage}`, parameters });
  const buckets = String(template.Parameters.SourceBucketArns?.Default ?? '')
    .split(',')
    .filter(Boolean);
  const names = namesOf(made, parameters.SourceKeys ? [parameters.SourceKeys] : [], buckets);
  const roles = [...made.values()].filter(({ Type }) => Type === 'AWS::IAM::Role').map(({ id }) => id);
  const callsOfCode = (name: ProgramName) =>
    (sites.get(name) ?? []).flatMap((site) => CALLS[site]?.(names, name) ?? []);
  const callers = [
    ...programs
      .filter((name) => made.has(PROGRAMS[name].role))
      .map((name) => ({
        role: PROGRAMS[name].role,
        calls: [...callsOfCode(name), ...callsOfLambda(names, name, `reelmill-${stage}-${name}`)],
      })),
    ...(made.has('EndpointRole')
      ? [{ role: 'EndpointRole', calls: [...callsOfCode('upscale'), ...callsOfSageMaker(names)] }]
      : []),
    { role: 'TaskExecutionRole', calls: callsOfEcs(names) },
    { role: 'WorkflowRole', calls: callsOfWorkflow(names) },
  ];
  const statements = (role: string) => statementsOf(made, role);
  return {
    misshapen: roles.flatMap((role) => misshapen(statements(role))),
    refused: callers.flatMap(({ role, calls }) => refused(statements(role), calls)),
    idle: callers.flatMap(({ role, calls }) => unneeded(statements(role), calls)),
  };
}

describe.each(VARIANTS)('in $stage with $params $parameters', ({ stage, params, parameters }) => {
  let wrong: ReturnType<typeof wrongIn>;
  beforeAll(async () => {
    wrong = wrongIn((await packaged(stage, params)).template, stage, parameters);
  });

  it('every role names resources as their services write them', () => {
    expect(wrong.misshapen).toEqual([]);
  });

  it('functions, containers, ECS and the workflow may do all that they call', () => {
    expect(wrong.refused).toEqual([]);
  });

  it('they may do nothing that none of them calls', () => {
    expect(wrong.idle).toEqual([]);
  });
});

describe('a fault that was there, or could be', () => {
  let template: Template;
  beforeAll(async () => {
    ({ template } = await packaged('dev'));
  });

  const table = { 'Fn::GetAtt': ['JobsTable', 'Arn'] };
  it.each([
    {
      fault: "the log's Arn with something behind it",
      role: 'TaskExecutionRole',
      sid: 'OpenTheLogStream',
      change: { Resource: { 'Fn::Sub': '$' + '{TaskLogs.Arn}:log-stream:*' } },
      found: { misshapen: /:\*:log-stream/, refused: /logs:CreateLogStream/, idle: /logs:CreateLogStream/ },
    },
    {
      fault: 'a report that may not mark what it told',
      role: 'ReportRole',
      sid: 'OnceEach',
      change: { Action: 'dynamodb:GetItem' },
      found: { refused: /dynamodb:UpdateItem/ },
    },
    {
      fault: 'a workflow that is asked for under the name of its executions',
      role: 'OnDropRole',
      sid: 'FollowTheWorkflow',
      change: { Resource: { Ref: 'Workflow' } },
      found: { refused: /states:DescribeExecution/, idle: /states:DescribeExecution/ },
    },
    {
      fault: 'a right that nobody uses',
      role: 'OnJobChangeRole',
      sid: 'JobRows',
      change: { Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] },
      found: { idle: /dynamodb:DeleteItem/ },
    },
    {
      fault: 'a right on a resource that nobody touches',
      role: 'SweepRole',
      sid: 'OpenJobs',
      change: { Resource: [table, { 'Fn::Sub': '$' + '{JobsTable.Arn}/index/*' }] },
      found: { idle: /dynamodb:Query on .*-jobs$/ },
    },
    {
      fault: 'a condition that its caller does not meet',
      role: 'SweepRole',
      sid: 'CountJobs',
      change: { Condition: { StringEquals: { 'cloudwatch:namespace': 'Other' } } },
      found: { refused: /PutMetricData/, idle: /PutMetricData/ },
    },
  ])('is found: $fault', ({ role, sid, change, found }) => {
    const { misshapen, refused, idle } = wrongIn(withStatement(template, role, sid, change), 'dev', {});
    const all = { misshapen, refused, idle };
    for (const [what, told] of Object.entries(found)) {
      expect(all[what as keyof typeof all]).toEqual(expect.arrayContaining([expect.stringMatching(told)]));
    }
    expect(Object.entries(all).filter(([what, told]) => !(what in found) && told.length > 0)).toEqual([]);
  });
});

/** The template with one statement of a role changed. */
function withStatement(template: Template, role: string, sid: string, change: JsonObject): Template {
  const changed = structuredClone(template);
  const policies = list(at(changed.Resources[role]?.Properties, 'Policies'));
  const statements = policies.flatMap((policy) => list(at(policy, 'PolicyDocument', 'Statement')));
  const found = statements.filter((each) => at(each, 'Sid') === sid);
  if (found.length !== 1) throw new Error(`${role} has ${found.length} statements ${sid}`);
  Object.assign(found[0] as object, change);
  return changed;
}
