import { createRequire } from 'node:module';

/** @typedef {{ readonly Type: string, readonly Condition?: string, readonly Properties: Record<string, any> }} Resource */
/** @typedef {{ readonly what: string, readonly units: number, readonly price: string }} Use */

const HOURS = 730;

/** Lambda polls an idle queue with five connections, each waiting 20 seconds: Lambda developer guide, "Using Lambda with SQS". */
const POLLS_A_MONTH = (5 * HOURS * 3600) / 20;

/** What sweep is taken to need while it finds nothing; measure it with logs=cloudwatch. */
const SWEEP = { seconds: 3, gigabytes: 0.25, lists: 4 };

/** Zips and templates of the last releases. */
const RELEASES_GB = 0.01;

/**
 * What a stack uses in a month in which nothing is dropped, counted from its template.
 * @param {Readonly<Record<string, Resource>>} resources
 * @param {ReadonlySet<string>} conditions  those that hold
 * @returns {readonly Use[]}
 */
export function idleUses(resources, conditions) {
  const made = Object.values(resources).filter(({ Condition }) => !Condition || conditions.has(Condition));
  const count = (/** @type {string} */ type) => made.filter(({ Type }) => Type === type).length;
  const alarms = made.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  return [
    {
      what: 'alarms, by the metrics they watch',
      units: alarms.reduce((sum, each) => sum + metricsOf(each), 0),
      price: 'alarmMetric',
    },
    { what: 'dashboards', units: count('AWS::CloudWatch::Dashboard'), price: 'dashboard' },
    { what: 'own keys (the alarms’ topic)', units: count('AWS::KMS::Key'), price: 'customerKey' },
    { what: 'secrets (Slack)', units: count('AWS::SecretsManager::Secret'), price: 'secret' },
    {
      what: 'Lambda asking the empty queue',
      units: count('AWS::Lambda::EventSourceMapping') * POLLS_A_MONTH,
      price: 'sqsRequest',
    },
    { what: 'sweep, each hour', units: HOURS, price: 'lambdaRequest' },
    { what: 'sweep, its time', units: HOURS * SWEEP.seconds * SWEEP.gigabytes, price: 'lambdaGbSecondArm' },
    { what: 'sweep, looking through the bucket', units: HOURS * SWEEP.lists, price: 's3List' },
    { what: 'report, the bill by recipe', units: 1, price: 'costExplorerRequest' },
    { what: 'the last releases in S3, GB', units: RELEASES_GB, price: 's3GbMonth' },
    { what: 'NAT gateways', units: count('AWS::EC2::NatGateway') * HOURS, price: 'natGatewayHour' },
  ];
}

/** @param {Resource} alarm */
const metricsOf = ({ Properties }) =>
  Properties.Metrics?.filter((/** @type {object} */ each) => 'MetricStat' in each).length ?? 1;

/**
 * @param {readonly Use[]} uses
 * @param {{ free: boolean }} account  whether AWS's always-free allowances are still there
 */
export function idleCost(uses, { free }) {
  const { items } = createRequire(import.meta.url)('../../resources/prices.json');
  return uses.map(({ what, units, price }) => {
    const { freeEach, page, regions } = items[price];
    const { usd } = regions['us-east-1'];
    return { what, units, page, usd: usd * Math.max(0, units - (free ? freeEach : 0)) };
  });
}
