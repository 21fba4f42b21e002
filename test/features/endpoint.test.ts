import { readFile } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invocationConfig } from '../../runtime/aws/upscale-config.ts';
import { deliver, dropMessage } from '../support/deliveries.ts';
import { BROKEN } from '../support/faulty-proxy.ts';
import { openStack, type Stack } from '../support/stack.ts';

describe('a stack with an endpoint', () => {
  let stack: Stack;
  let onDrop: typeof import('../../functions/on-drop.ts').handler;
  let onJobChange: typeof import('../../functions/on-job-change.ts').handler;

  beforeAll(async () => {
    stack = await openStack();
    process.env.UPSCALE_ENDPOINT = 'reelmill-test-upscale';
    ({ handler: onDrop } = await import('../../functions/on-drop.ts'));
    ({ handler: onJobChange } = await import('../../functions/on-job-change.ts'));
  });
  afterAll(() => stack.close());

  async function dropped(key: string, deliveries = 1) {
    await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: key, Body: 'some bytes' }));
    for (let times = 0; times < deliveries; times++) await deliver([dropMessage(key, `${times}`)], onDrop);
    return current(key);
  }

  async function current(key: string) {
    const job = (await stack.jobs.list(100)).find(({ source }) => source === key);
    if (!job) throw new Error(`no job for ${key}`);
    return job;
  }

  async function happens(name: string, reference: string) {
    const event = JSON.parse(await readFile(`test/fixtures/events/${name}.json`, 'utf8'));
    const message = JSON.parse(event.Records[0].Sns.Message);
    message.requestParameters.inputLocation = reference;
    event.Records[0].Sns.Message = JSON.stringify(message);
    await onJobChange(event, {} as never);
  }

  const invocationsOf = (id: string) => stack.batch.invoked.filter(({ location }) => location.includes(id));
  const batchJobsOf = (id: string) => stack.batch.submitted.filter(({ environment }) => environment.JOB_ID === id);

  it('invokes it once for a short film to be enlarged, however often that is delivered', async () => {
    const job = await dropped('input/upscale/film.mov', 3);
    expect(invocationsOf(job.id)).toEqual([{ endpoint: 'reelmill-test-upscale', location: job.sent?.reference }]);
    expect(batchJobsOf(job.id)).toEqual([]);
    const Key = job.sent?.reference.replace('s3://media/', '') ?? '';
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: 'media', Key }));
    const asked = invocationConfig(JSON.parse((await Body?.transformToString()) ?? '')); // as the container reads it
    expect(asked).toMatchObject({ S3_BUCKET: 'media', S3_KEY: job.source, JOB_ID: job.id, REELMILL_STEP: 'all' });
  });

  it('leaves everything else to Batch', async () => {
    const job = await dropped('input/preserve/film.mov');
    expect(invocationsOf(job.id)).toEqual([]);
    expect(batchJobsOf(job.id)).toHaveLength(1);
  });

  it('tells once of a job that it has done', async () => {
    const job = await dropped('input/upscale/done.mov');
    await stack.told();
    const state = { status: 'unchanged', manifest: 'output/upscale/done.mov/manifest.json' } as const;
    await stack.jobs.claim(job.id, { owner: 'task', until: Date.now() + 3_600_000 }, Date.now());
    await stack.jobs.save({ ...job, state }, 'task');
    for (let times = 0; times < 2; times++) await happens('endpoint-completed', job.sent?.reference ?? '');
    expect(await stack.told()).toHaveLength(1);
  });

  it('sends to Batch, on demand and once, what the endpoint failed at without a cause of its own', async () => {
    const job = await dropped('input/upscale/lost.mov');
    for (let times = 0; times < 2; times++) await happens('endpoint-failed', job.sent?.reference ?? '');
    expect(batchJobsOf(job.id).map(({ jobQueue }) => jobQueue)).toEqual(['gpu-on-demand']);
    expect(await current('input/upscale/lost.mov')).toMatchObject({
      state: { status: 'queued' },
      sent: { reference: batchJobsOf(job.id)[0]?.jobId, escalation: { market: 'on-demand' } },
    });
    expect(await stack.told()).toEqual([]);
  });

  it('tells of a job whose container wrote down why it failed, and sends it nowhere', async () => {
    const job = await dropped('input/upscale/broken.mov');
    const state = { status: 'failed', code: 'bad-input', reason: 'it is no video' } as const;
    await stack.jobs.claim(job.id, { owner: 'task', until: Date.now() + 3_600_000 }, Date.now());
    await stack.jobs.save({ ...job, state }, 'task');
    await happens('endpoint-failed', job.sent?.reference ?? '');
    expect(batchJobsOf(job.id)).toEqual([]);
    expect(await stack.told()).toEqual([expect.stringContaining('it is no video')]);
  });

  it('loses no drop while the endpoint cannot be asked', async () => {
    stack.faults.batch.setFault(() => BROKEN);
    const key = 'input/upscale/patient.mov';
    await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: key, Body: 'some bytes' }));
    const { dead } = await deliver([dropMessage(key, '1')], onDrop, { most: 1 });
    expect(dead).toHaveLength(1);
    stack.faults.batch.setFault(() => undefined);
    expect((await deliver(dead, onDrop)).dead).toEqual([]);
    expect((await current(key)).sent?.reference).toMatch(/^s3:\/\/media\/work\/endpoint\//);
  });
});
