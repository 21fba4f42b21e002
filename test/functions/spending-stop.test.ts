import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { openAgain } from '../../app/dispatch/spending.ts';
import { openStageSpending } from '../../runtime/aws/stage-spending.ts';
import { deliver, dropMessage } from '../support/deliveries.ts';
import { BROKEN } from '../support/faulty-proxy.ts';
import { openStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let stop: typeof import('../../functions/spending-stop.ts').handler;
let onDrop: typeof import('../../functions/on-drop.ts').handler;
let here: ReturnType<typeof openStageSpending>;

const BUDGET = {
  Records: [
    { Sns: { MessageId: '1', Message: 'AWS Budget Notification November 29, 2026\nAWS Account 111122223333 ...' } },
  ],
};
/** All but the day and its time. */
const REAL = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];
const NEW_MONTH = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };

beforeAll(async () => {
  // The day of month stays the same all along, since sums are kept by the month.
  jest.useFakeTimers({ now: Date.parse('2026-11-15T12:00:00Z'), doNotFake: REAL });
  stack = await openStack();
  process.env.SPENDING_STOP_USD = '10';
  ({ handler: stop } = await import('../../functions/spending-stop.ts'));
  ({ handler: onDrop } = await import('../../functions/on-drop.ts'));
  here = openStageSpending(
    {
      ...{ account: '', region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB, mediaBucket: 'media' },
      ...{ logBucket: 'logs', jobsTable: process.env.JOBS_TABLE ?? '', dropsQueue: '', bulkRole: undefined },
      ...{ sourceBuckets: [], spending: undefined },
    },
    [],
  );
});
beforeEach(() => stack.told());
afterAll(async () => {
  jest.useRealTimers();
  here.close();
  await stack.close();
});

const states = () => [...stack.batch.environments.values()];
async function drop(name: string): Promise<boolean> {
  await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: `input/preserve/${name}.mov`, Body: 'some bytes' }));
  return delivered(name);
}
/** Whether a job was sent of what lies there, once S3 has told of it. */
async function delivered(name: string): Promise<boolean> {
  const Key = `input/preserve/${name}.mov`;
  expect((await deliver([dropMessage(Key, name)], onDrop)).dead).toEqual([]);
  return stack.batch.submitted.some(({ environment }) => environment.S3_KEY === Key);
}
const open = (moreUsd: number) =>
  openAgain({ limitUsd: 10, moreUsd }, { ...here, machines: { setRunning: async () => undefined } });

it('counts what each sending is estimated to cost, once', async () => {
  expect(await drop('first')).toBe(true);
  const month = new Date().toISOString().slice(0, 7);
  const { usd } = await here.ledger.of(month);
  expect(usd).toBeGreaterThan(0);
  expect(await delivered('first')).toBe(true);
  expect((await here.ledger.of(month)).usd).toBe(usd);
});

it('lets drops wait when the sum is spent by the estimate, and says once how to go on', async () => {
  await here.ledger.add(new Date().toISOString().slice(0, 7), 10, Date.now());
  expect([await drop('waits'), await drop('waits too')]).toEqual([false, false]);
  const jobs = (await stack.jobs.list(100)).filter(({ source }) => source.includes('waits'));
  expect(jobs.map(({ state, sent }) => [state.status, sent])).toEqual([
    ['queued', undefined],
    ['queued', undefined],
  ]);
  const told = await stack.told();
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('reelmill spending --stage test --open USD');
});

it('sends what has waited once it is opened', async () => {
  await open(5);
  expect(await delivered('waits')).toBe(true);
});

it('stops the machines when the budget says so, however often it does, and tells of it once', async () => {
  for (let times = 0; times < 2; times++) await stop(BUDGET, {} as never);
  expect(states()).toEqual(['DISABLED', 'DISABLED']);
  expect(await stack.told()).toEqual([expect.stringContaining("AWS's budget says that the $10.00")]);
  expect(await drop('after the budget')).toBe(false);
});

it('does not start them for a new month while this one is stopped', async () => {
  await stop(NEW_MONTH, {} as never);
  expect(states()).toEqual(['DISABLED', 'DISABLED']);
});

it('starts them on the first of the month after a stop', async () => {
  await open(5);
  const last = new Date();
  last.setUTCDate(0);
  await here.ledger.stop(last.toISOString().slice(0, 7), Date.now());
  await stop(NEW_MONTH, {} as never);
  expect(states()).toEqual(['ENABLED', 'ENABLED']);
});

it('lets the stage spend so much more and no more after the budget stopped it, though the estimate knows of less', async () => {
  const before = Date.now();
  jest.setSystemTime(Date.parse('2026-12-15T12:00:00Z'));
  for (let times = 0; times < 2; times++) await stop(BUDGET, {} as never);
  expect(await open(2)).toBe(12);
  const { usd } = await here.ledger.of('2026-12');
  jest.setSystemTime(before);
  expect(12 - usd).toBeCloseTo(2);
});

it('fails when Batch does, so that SNS delivers again', async () => {
  stack.faults.batch.setFault(() => BROKEN);
  await expect(stop(BUDGET, {} as never)).rejects.toMatchObject({ code: 'busy' });
});

it('takes no event of another kind for a budget', async () => {
  await expect(stop({ source: 'aws.batch' }, {} as never)).rejects.toThrow();
});
