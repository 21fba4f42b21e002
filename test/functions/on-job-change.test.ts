import { readFile } from 'node:fs/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Job } from '../../core/job/job.ts';
import { manifestFixture } from '../fixtures/manifest.ts';
import { deliver, dropMessage } from '../support/deliveries.ts';
import { BROKEN, FORBIDDEN, OVERLOADED } from '../support/faulty-proxy.ts';
import { openStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let onDrop: typeof import('../../functions/on-drop.ts').handler;
let handler: typeof import('../../functions/on-job-change.ts').handler;
let drops = 0;

beforeAll(async () => {
  stack = await openStack();
  ({ handler: onDrop } = await import('../../functions/on-drop.ts'));
  ({ handler } = await import('../../functions/on-job-change.ts'));
});
afterEach(() => {
  for (const proxy of Object.values(stack.faults)) proxy.setFault(() => undefined);
});
afterAll(() => stack.close());

const put = (Key: string, Body: string) => stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body }));

describe('the function on-job-change', () => {
  let key: string;
  let job: Job;

  beforeEach(async () => {
    key = `input/preserve/clip-${++drops}.mov`;
    await put(key, 'some bytes');
    await deliver([dropMessage(key, '1')], onDrop);
    job = await current();
    await stack.told();
  });

  async function current(): Promise<Job> {
    const found = (await stack.jobs.list(100)).find(({ source }) => source === key);
    if (!found) throw new Error(`no job for ${key}`);
    return found;
  }

  /** A recorded event, as if it told of this job. */
  async function event(name: string): Promise<unknown> {
    const text = await readFile(`test/fixtures/events/${name}.json`, 'utf8');
    const { id, sent } = await current();
    return JSON.parse(
      text
        .replaceAll('0123456789abcdef0123456789abcdef', id)
        .replaceAll('4c7599ae-0a82-49aa-ba5a-4727fcce14a8', sent?.reference ?? ''),
    );
  }

  const happens = async (name: string) => handler(await event(name), {} as never);
  const submissions = () => stack.batch.submitted.filter(({ environment }) => environment.JOB_ID === job.id);

  it('does nothing while a job goes on', async () => {
    for (const name of ['batch-pending', 'batch-runnable', 'batch-starting', 'batch-running']) await happens(name);
    expect(await current()).toEqual(job);
    expect(await stack.told()).toEqual([]);
  });

  it('tells people once that a job is done', async () => {
    const manifest = `output/preserve/clip-${drops}.mov/manifest.json`;
    await put(manifest, JSON.stringify(manifestFixture()));
    await stack.jobs.claim(job.id, { owner: 'task', until: Date.now() + 3_600_000 }, Date.now());
    await stack.jobs.save({ ...job, state: { status: 'done', manifest } }, 'task');
    for (let times = 0; times < 3; times++) await happens('batch-succeeded');
    const told = await stack.told();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('60.0 % saved');
    expect(told[0]).toContain(
      `https://s3.console.aws.amazon.com/s3/buckets/media?prefix=output%2Fpreserve%2Fclip-${drops}.mov%2F`,
    );
  });

  it('records and tells why a job failed whose container could not', async () => {
    await happens('batch-failed-timeout');
    expect((await current()).state).toMatchObject({ status: 'failed', code: 'over-time' });
    expect(await stack.told()).toEqual([expect.stringContaining('Job attempt duration exceeded timeout')]);
  });

  it('tells of a job that failed whose source S3 refuses to give', async () => {
    const ending = await event('batch-failed-memory');
    stack.faults.s3.setFault(({ path }) => (path.includes(key) ? FORBIDDEN : undefined));
    await handler(ending, {} as never);
    expect((await current()).state).toMatchObject({ status: 'failed', code: 'out-of-memory' });
    expect(await stack.told()).toHaveLength(1);
  });

  it.each([
    { name: 'batch-failed-memory', queues: ['encode', 'encode'] },
    { name: 'batch-failed-reclaimed', queues: ['encode', 'encode-on-demand'] },
    { name: 'batch-failed-no-capacity', queues: ['encode', 'encode-on-demand'] },
  ])('sends a job again if another machine may succeed: $name', async ({ name, queues }) => {
    const first = await event(name);
    await handler(first, {} as never);
    await handler(first, {} as never); // EventBridge delivers at least once
    expect(submissions().map(({ jobQueue }) => jobQueue)).toEqual(queues);
    expect((await current()).state.status).toBe('queued');
    expect(await stack.told()).toEqual([]);
  });

  it('loses nothing, and does nothing twice, while AWS fails', async () => {
    const failed = await event('batch-failed-memory');
    for (const [service, fault] of [
      ['dynamo', OVERLOADED],
      ['batch', BROKEN],
      ['s3', BROKEN],
    ] as const) {
      stack.faults[service].setFault(() => fault);
      await expect(handler(failed, {} as never)).rejects.toMatchObject({ code: 'busy' });
      stack.faults[service].setFault(() => undefined);
    }
    await handler(failed, {} as never);
    expect(submissions()).toHaveLength(2);
    expect((await current()).sent?.reference).toBe(submissions()[1]?.jobId);
  });

  it('sends each of those that shared a container, which ran out of memory, to one of its own', async () => {
    const keys = ['a', 'b'].map((name) => `input/preserve/shared-${name}.mov`);
    for (const each of keys) await put(each, 'some bytes');
    await deliver(
      keys.map((each) => dropMessage(each, each)),
      onDrop,
    );
    const shared = async () => (await stack.jobs.list(100)).filter(({ source }) => keys.includes(source));
    const [first] = await shared();
    const text = await readFile('test/fixtures/events/batch-burst-child-failed.json', 'utf8');
    const burst = first?.burst?.name ?? '';
    const ended = JSON.parse(text.replaceAll('fedcba9876543210fedcba9876543210', burst));
    // of two small drops there is one container, which is no array
    const alone = { jobId: first?.sent?.reference, arrayProperties: undefined };
    for (let times = 0; times < 2; times++)
      await handler({ ...ended, detail: { ...ended.detail, ...alone } }, {} as never);
    for (const { id, sent } of await shared()) {
      const own = stack.batch.submitted.filter(({ environment }) => environment.JOB_ID === id);
      expect(own.map(({ jobId }) => jobId)).toEqual([sent?.reference]);
    }
    expect(await stack.told()).toEqual([]);
  });

  it('does not fail if CloudWatch refuses its figures', async () => {
    stack.faults.batch.setFault(({ path, operation }) => (path === '/' && operation === '' ? BROKEN : undefined));
    await happens('batch-failed-timeout');
    expect(await stack.told()).toHaveLength(1);
  });

  it('fails on an event that is not ours', async () => {
    await expect(Promise.resolve(handler({ 'detail-type': 'Party' }, {} as never))).rejects.toThrow();
  });
});
