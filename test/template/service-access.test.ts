import { beforeAll, describe, expect, it } from '@jest/globals';
import { namesOf } from '../support/calls-of-programs.ts';
import { evaluated, type Made } from '../support/evaluated-template.ts';
import { type Asked, isAllowed, policyStatements } from '../support/iam.ts';
import { at, DEPLOYED_STAGES, list, packaged, type Template } from '../support/packaged-template.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const PARAMETERS = { Alarms: 'yes', Trail: 'yes', Slack: 'yes', AlertEmail: 'me@example.org' };
const madeOf = (template: Template, stage: string) =>
  evaluated(template, { account: ACCOUNT, region: REGION, stack: `reelmill-${stage}`, parameters: PARAMETERS });

/** What a service sends along with a request of its own, by its documentation. */
type Visit = {
  readonly service: string;
  readonly policy: string;
  readonly asked: (names: ReturnType<typeof namesOf>) => Asked;
};

const from = (arn: string) => ({ 'aws:SourceArn': arn, 'aws:SourceAccount': ACCOUNT, 'aws:SecureTransport': 'true' });
const VISITS: readonly Visit[] = [
  {
    service: 's3.amazonaws.com',
    policy: 'DropsQueuePolicy',
    asked: (names) => ({
      action: 'sqs:SendMessage',
      resource: names.arn('DropsQueue'),
      context: from(names.arn('MediaBucket')),
    }),
  },
  {
    // "Condition blocks are not supported in Amazon SNS topic policies for EventBridge"
    // (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html): none of these keys is there.
    service: 'events.amazonaws.com',
    policy: 'AlarmTopicPolicy',
    asked: (names) => ({
      action: 'sns:Publish',
      resource: names.ref('AlarmTopic'),
      context: { 'aws:SecureTransport': 'true' },
    }),
  },
  ...['cloudwatch', 'budgets'].map((name) => ({
    service: `${name}.amazonaws.com`,
    policy: 'AlarmTopicPolicy',
    asked: (names: ReturnType<typeof namesOf>) => ({
      action: 'sns:Publish',
      resource: names.ref('AlarmTopic'),
      context: from(`arn:aws:${name}:${REGION}:${ACCOUNT}:alarm:reelmill`),
    }),
  })),
  {
    service: 'events.amazonaws.com',
    policy: 'EventDeadLettersPolicy',
    asked: (names) => ({
      action: 'sqs:SendMessage',
      resource: names.arn('EventDeadLetters'),
      context: from(names.arn('QueueBlocked')),
    }),
  },
  {
    service: 'logging.s3.amazonaws.com',
    policy: 'LogBucketPolicy',
    asked: (names) => ({
      action: 's3:PutObject',
      resource: names.logs('access/2026/11/28/1'),
      context: { ...from(names.arn('MediaBucket')), 's3:TlsVersion': '1.3' },
    }),
  },
  {
    service: 'cloudtrail.amazonaws.com',
    policy: 'LogBucketPolicy',
    asked: (names) => ({
      action: 's3:PutObject',
      resource: names.logs(`trail/AWSLogs/${ACCOUNT}/CloudTrail/1.json.gz`),
      context: { ...from(names.arn('MediaTrail')), 's3:TlsVersion': '1.3' },
    }),
  },
];

describe.each(DEPLOYED_STAGES)('services that come to resources of %s', (stage) => {
  let made: ReadonlyMap<string, Made>;
  beforeAll(async () => {
    made = madeOf((await packaged(stage)).template, stage);
  });

  it.each(VISITS)('are let in: $service by $policy', ({ service, policy, asked }) => {
    expect(isAllowed(policyStatements(made, policy, service), asked(namesOf(made)))).toBe(true);
  });

  it.each(VISITS)('are not let in without TLS: $service by $policy', ({ service, policy, asked }) => {
    const { context, ...rest } = asked(namesOf(made));
    const plain = { ...rest, context: { ...context, 'aws:SecureTransport': 'false' } };
    expect(isAllowed(policyStatements(made, policy, service), plain)).toBe(false);
  });
});

describe('the condition for EventBridge that was there', () => {
  it('keeps EventBridge out', async () => {
    const template = structuredClone((await packaged('prod')).template);
    const statements = list(at(template.Resources.AlarmTopicPolicy?.Properties, 'PolicyDocument', 'Statement'));
    const blocked = statements.find((each) => at(each, 'Sid') === 'BlockedQueues');
    Object.assign(blocked as object, {
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['QueueBlocked', 'Arn'] } } },
    });
    const made = madeOf(template, 'prod');
    const visit = VISITS.find(({ policy, service }) => policy === 'AlarmTopicPolicy' && service.startsWith('events'));
    if (!visit) throw new Error('no such visit');
    expect(isAllowed(policyStatements(made, visit.policy, visit.service), visit.asked(namesOf(made)))).toBe(false);
  });
});

describe("the instance's own credentials", () => {
  /** What the boot hook's rules do with a packet, as iptables reads them: the first rule that matches, else through. */
  function verdict(rules: readonly string[], destination: string, uid: number): string {
    const program = destination.includes(':') ? 'ip6tables' : 'iptables';
    for (const rule of rules) {
      const read = /^(ip6?tables) -w -I OUTPUT -d (\S+) -m owner (! )?--uid-owner (\d+) -j (\w+)$/.exec(rule);
      if (!read) throw new Error(`not understood: ${rule}`);
      const [, of, to, not, owner, target = ''] = read;
      if (of === program && to === destination && (uid === Number(owner)) !== (not !== undefined)) return target;
    }
    return 'ACCEPT';
  }

  it('are out of reach for the user of a GPU container, and for root of the instance they are not', async () => {
    const made = madeOf((await packaged('prod')).template, 'prod');
    const data = at(made.get('GpuLaunchTemplate')?.Properties, 'LaunchTemplateData', 'UserData');
    const mime = Buffer.from(String(data), 'base64').toString();
    expect(mime).toMatch(
      /^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="==REELMILL=="\n\n--==REELMILL==\n/,
    );
    expect(mime).toMatch(/\n\n--==REELMILL==--\n$/);
    const rules = mime.split('\n').filter((line) => /^ip6?tables/.test(line));
    const user = Number(at(made.get('UpscaleJob')?.Properties, 'ContainerProperties', 'User'));
    expect(user).toBe(10001);
    expect(['169.254.169.254', 'fd00:ec2::254'].map((to) => verdict(rules, to, user))).toEqual(['REJECT', 'REJECT']);
    expect(['169.254.169.254', 'fd00:ec2::254'].map((to) => verdict(rules, to, 0))).toEqual(['ACCEPT', 'ACCEPT']);
    expect(verdict(rules, '169.254.170.2', user)).toBe('ACCEPT');
    expect(mime).toContain("trap 'systemctl mask --now ecs.service' ERR");
  });

  it('are good for what the ECS agent does, and for nothing of ours', async () => {
    const made = madeOf((await packaged('prod')).template, 'prod');
    const policies = list(at(made.get('GpuInstanceRole')?.Properties, 'Policies'));
    const actions = policies
      .flatMap((policy) => list(at(policy, 'PolicyDocument', 'Statement')))
      .flatMap((each) => [at(each, 'Action') ?? []].flat().map(String));
    expect(actions.filter((action) => !action.startsWith('ecs:'))).toEqual([]);
    expect(at(made.get('GpuInstanceRole')?.Properties, 'ManagedPolicyArns')).toBeUndefined();
  });
});
