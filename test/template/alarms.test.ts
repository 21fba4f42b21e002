import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { causeOf } from '../../core/dispatch/task-failure.ts';
import { FAILURES } from '../../core/errors.ts';
import {
  at,
  DEPLOYED_STAGES,
  type Json,
  list,
  type Packaged,
  packaged,
  stringsIn,
} from '../support/packaged-template.ts';

/** What must not go unnoticed, and the alarm that notices it. */
const CAUSES = {
  'a drop that failed five times': 'drops-dead',
  'an event that a function failed on': 'events-dead',
  'drops that wait': 'drops-waiting',
  'a job that does not start': 'jobs-runnable',
  'a queue that cannot move': 'queue-blocked',
  'sources that cannot be used': 'failed-input',
  'machines taken back too often': 'failed-reclaimed',
  'memory or disk that does not suffice': 'failed-resources',
  'a bug of ours': 'failed-bug',
  'a workflow that failed': 'workflows-failed',
  'an encode slower than its plan': 'slower-than-planned',
  'errors and throttles of on-drop': 'on-drop-fails',
  'errors and throttles of on-job-change': 'on-job-change-fails',
  'errors and throttles of notify-slack': 'notify-slack-fails',
  'errors and throttles of sweep': 'sweep-fails',
  'errors and throttles of report': 'report-fails',
};

describe.each(DEPLOYED_STAGES)('alarms of %s', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  /** Those of the endpoint are switches: they start and stop its instances (endpoint.test.ts). */
  const isSwitch = (properties: Json) => String(at(properties, 'AlarmActions', 0, 'Ref')).startsWith('Endpoint');
  const alarms = () => pack.of('AWS::CloudWatch::Alarm').filter(({ Properties }) => !isSwitch(Properties));
  const nameOf = (properties: Json) => String(at(properties, 'AlarmName')).replace(`reelmill-${stage}-`, '');

  it.each(Object.entries(CAUSES))('notice %s', (_, name) => {
    expect(alarms().filter(({ Properties }) => nameOf(Properties) === name)).toHaveLength(1);
  });

  it('tell failures apart by the causes that the mill knows', () => {
    const watched = alarms()
      .flatMap(({ Properties }) => list(at(Properties, 'Dimensions')))
      .filter((dimension) => at(dimension, 'Name') === 'Cause')
      .map((dimension) => at(dimension, 'Value'));
    const known = Object.keys(FAILURES).map((code) => causeOf(code));
    expect(new Set(watched)).toEqual(new Set(known));
  });

  it('are all told to people, and quiet where there is no data', () => {
    for (const { Properties } of alarms()) {
      expect(at(Properties, 'AlarmActions')).toEqual([{ Ref: 'AlarmTopic' }]);
      expect(at(Properties, 'TreatMissingData')).toBe('notBreaching');
    }
  });

  it('are all explained in the runbook, which explains nothing that is not there', async () => {
    const runbook = await readFile('docs/runbook.md', 'utf8');
    const headings = [...runbook.matchAll(/^### `([\w-]+)`/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual([...alarms().map(({ Properties }) => nameOf(Properties)), 'budget'].sort());
  });

  it('include the bill: a budget that mails at 80 %, at 100 % and when the month will end above it', () => {
    const [budget] = pack.of('AWS::Budgets::Budget');
    const notices = list(at(budget?.Properties, 'NotificationsWithSubscribers')).map((each) =>
      at(each, 'Notification'),
    );
    expect(notices.map((each) => [at(each, 'NotificationType'), at(each, 'Threshold')])).toEqual([
      ['ACTUAL', 80],
      ['ACTUAL', 100],
      ['FORECASTED', 100],
    ]);
    expect(stringsIn(at(budget?.Properties, 'Budget', 'CostFilters'))).toEqual(['$', 'user:stage', stage]);
  });

  it('watch a function by the name it has', () => {
    const functions = pack.of('AWS::Lambda::Function').map(({ Properties }) => at(Properties, 'FunctionName'));
    const watched = alarms()
      .flatMap(({ Properties }) => list(at(Properties, 'Metrics')))
      .flatMap((metric) => list(at(metric, 'MetricStat', 'Metric', 'Dimensions')))
      .map((dimension) => at(dimension, 'Value'));
    expect(new Set(watched)).toEqual(new Set(functions));
  });

  it('watch rules by the name they have', () => {
    const rules = pack.of('AWS::Events::Rule').map(({ Properties }) => at(Properties, 'Name'));
    const watched = alarms()
      .flatMap(({ Properties }) => list(at(Properties, 'Dimensions')))
      .filter((dimension) => at(dimension, 'Name') === 'RuleName')
      .map((dimension) => at(dimension, 'Value'));
    expect(watched).toEqual([`reelmill-${stage}-queue-blocked`]);
    expect(rules).toEqual(expect.arrayContaining(watched));
  });
});

describe('the dashboard', () => {
  it('shows jobs, cost by day and the age of the queue, of this stage', async () => {
    const pack = await packaged('prod');
    const [dashboard] = pack.of('AWS::CloudWatch::Dashboard');
    const body = JSON.parse(String(at(dashboard?.Properties, 'DashboardBody', 'Fn::Sub'))) as Json;
    const graphs = list(at(body, 'widgets')).map((widget) => at(widget, 'properties'));
    const metrics = graphs.flatMap((graph) => list(at(graph, 'metrics')));
    expect(metrics.map((metric) => at(metric, 1))).toEqual(
      expect.arrayContaining([
        'JobsDone',
        'JobsFailed',
        'EstimatedUsd',
        'ApproximateAgeOfOldestMessage',
        'ExecutionsFailed',
      ]),
    );
    const cost = graphs.find((graph) => stringsIn(graph).includes('EstimatedUsd'));
    expect([at(cost, 'period'), at(cost, 'stat')]).toEqual([86_400, 'Sum']);
    const queues = pack.of('AWS::SQS::Queue').map(({ Properties }) => at(Properties, 'QueueName'));
    const shown = metrics.filter((metric) => at(metric, 0) === 'AWS/SQS').map((metric) => at(metric, 3));
    expect(queues).toEqual(expect.arrayContaining(shown));
  });
});
