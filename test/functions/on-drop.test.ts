import { readFile } from 'node:fs/promises';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { deliver, dropMessage } from '../support/deliveries.ts';
import { BROKEN, type Fault, FORBIDDEN, OVERLOADED, SLOW_DOWN, THROTTLED, TOO_MANY } from '../support/faulty-proxy.ts';
import { openStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let handler: typeof import('../../functions/on-drop.ts').handler;

beforeAll(async () => {
  stack = await openStack();
  const own = { larger: { extends: 'upscale', settings: { scale: 2 } } };
  await upload('recipes.json', JSON.stringify({ recipes: own })); // before the first drop: it is remembered for a while
  ({ handler } = await import('../../functions/on-drop.ts'));
});
afterEach(() => {
  for (const proxy of Object.values(stack.faults)) proxy.setFault(() => undefined);
});
afterAll(() => stack.close());

const upload = (Key: string, Body = 'some bytes') =>
  stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body }));
const sources = async () => (await stack.sent()).map(({ key }) => key);
const timesSent = async (key: string) => (await sources()).filter((source) => source === key).length;

describe('the function on-drop', () => {
  it('handles recorded messages of every kind in one batch', async () => {
    await upload('input/preserve/clip.mov');
    await upload('input/preserve/two words + 100%2F é 映像.MOV');
    const names = ['s3-put', 's3-multipart', 's3-odd-key', 's3-test', 's3-delete-marker'];
    const Records = await Promise.all(
      names.map(async (name) => ({
        messageId: name,
        body: await readFile(`test/fixtures/events/${name}.json`, 'utf8'),
      })),
    );
    expect(await handler({ Records }, {} as never)).toEqual({ batchItemFailures: [] });
    expect(await sources()).toEqual(
      expect.arrayContaining(['input/preserve/clip.mov', 'input/preserve/two words + 100%2F é 映像.MOV']),
    );
    expect(await sources()).toHaveLength(2); // the multipart one is gone by now: it was never uploaded
  });

  it('gives the task its step', async () => {
    const key = 'input/preserve/errand.mov';
    await upload(key);
    await deliver([dropMessage(key, '1')], handler);
    const submitted = stack.batch.submitted.find(({ environment }) => environment.S3_KEY === key);
    const job = (await stack.jobs.list(100)).find(({ source }) => source === key);
    expect(submitted).toMatchObject({
      jobQueue: 'encode',
      jobDefinition: 'encode:1',
      environment: { S3_BUCKET: 'media', S3_KEY: key, JOB_ID: job?.id, REELMILL_STEP: 'all' },
    });
    expect(job?.sent?.reference).toBe(submitted?.jobId);
  });

  it('sends the small drops of a batch to one container, and one for a graphics card to its own', async () => {
    const small = Array.from({ length: 8 }, (_, i) => `input/preserve/burst/${i}.mov`);
    const other = 'input/upscale/burst/other.mov';
    for (const key of small) await upload(key);
    await upload(other);
    const before = stack.batch.submitted.length;
    await deliver(
      [...small, other].map((key) => dropMessage(key, key)),
      handler,
      { batch: 50 },
    );
    const submitted = stack.batch.submitted.slice(before);
    expect(submitted.map(({ environment }) => environment.S3_KEY ?? environment.REELMILL_STEP)).toEqual([
      other,
      'burst',
    ]);
    const jobs = (await stack.jobs.list(100)).filter(({ source }) => small.includes(source));
    expect(new Set(jobs.map(({ sent }) => sent?.reference))).toEqual(new Set([submitted[1]?.jobId]));
    for (const key of [...small, other]) expect([key, await timesSent(key)]).toEqual([key, 1]);
  });

  it("sends a drop under a user's recipe where the recipe that it extends goes, and writes down why", async () => {
    const key = 'input/larger/small.mov';
    await upload(key);
    await deliver([dropMessage(key, '1')], handler);
    const submitted = stack.batch.submitted.find(({ environment }) => environment.S3_KEY === key);
    expect(submitted).toMatchObject({ jobQueue: 'gpu', jobDefinition: 'upscale:1' });
    const job = (await stack.jobs.list(100)).find(({ source }) => source === key);
    expect(job).toMatchObject({ recipe: 'larger', needs: { engine: 'network', undivided: false } });
  });

  it('tells people what it refuses, and does not want the message again', async () => {
    await upload('input/nonsense/clip.mov');
    const { dead, times } = await deliver([dropMessage('input/nonsense/clip.mov', '1')], handler);
    expect({ dead, times }).toEqual({ dead: [], times: 1 });
    expect(await stack.told()).toEqual([expect.stringContaining('no recipe')]);
  });

  it('refuses a name that cannot be decoded, instead of retrying it into the dead-letter queue', async () => {
    const body = (await readFile('test/fixtures/events/s3-put.json', 'utf8')).replace('clip.mov', 'clip%E4.mov');
    const { dead, times } = await deliver([{ messageId: 'odd', body }], handler);
    expect({ dead, times }).toEqual({ dead: [], times: 1 });
    expect(await stack.told()).toEqual([expect.stringContaining('not percent-encoded UTF-8')]);
  });

  it('makes the job of a backfill under the recipe that it names, also of a film in another bucket', async () => {
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'my-archive' }));
    await stack.s3.send(new PutObjectCommand({ Bucket: 'my-archive', Key: '2019/old film.mov', Body: 'some bytes' }));
    await upload('input/ladder/backfilled.mov');
    const drops = [
      { source: 'input/ladder/backfilled.mov', to: 'preserve' },
      { source: 's3://my-archive/2019/old film.mov', to: 'preserve' },
      { source: 's3://my-archive/2019/gone.mov', to: 'preserve' },
    ];
    const Records = drops.map(({ source, to }) => ({
      ...{ eventName: 'ObjectCreated:Backfill', s3: { object: { key: encodeURIComponent(source) } }, to },
    }));
    const message = { messageId: 'backfill', body: JSON.stringify({ Records }) };
    for (let times = 0; times < 2; times++) expect((await deliver([message], handler)).dead).toEqual([]);
    for (const { source } of drops.slice(0, 2)) expect(await timesSent(source)).toBe(1);
    const jobs = (await stack.jobs.list(100)).filter(({ source }) => drops.some((each) => each.source === source));
    expect(jobs.map(({ recipe, outputPrefix }) => `${recipe} ${outputPrefix}`).toSorted()).toEqual([
      'preserve output/preserve/input/ladder/backfilled.mov',
      'preserve output/preserve/s3/my-archive/2019/old film.mov',
    ]);
  });

  it('refuses a film of a bucket that it may not read, and says what is to be done', async () => {
    const source = 's3://nobodys-archive/a.mov';
    const record = { eventName: 'ObjectCreated:Backfill', s3: { object: { key: encodeURIComponent(source) } } };
    const body = JSON.stringify({ Records: [{ ...record, to: 'preserve' }] });
    stack.faults.s3.setFault(({ path }) => (path.includes('nobodys-archive') ? FORBIDDEN : undefined));
    expect((await deliver([{ messageId: 'nobodys', body }], handler)).dead).toEqual([]);
    expect(await stack.told()).toEqual([expect.stringContaining('stand in its setting sourceBuckets')]);
  });

  it.each([
    {
      what: 'lies under a key that its uploader sent along',
      code: 'InvalidRequest',
      status: 400,
      methods: ['HEAD', 'GET'],
    },
    { what: 'a policy denies', code: 'AccessDenied', status: 403, methods: ['HEAD', 'GET'] },
    { what: 'lies under a key of KMS that is disabled', code: 'KMS.DisabledException', status: 400, methods: ['GET'] },
  ])('refuses a drop that $what, and tells why', async ({ code, status, methods }) => {
    const key = `input/preserve/${code}.mov`;
    await upload(key);
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
    const refusal: Fault = { what: 'answer', status, type: 'application/xml', body };
    stack.faults.s3.setFault(({ method, path }) =>
      methods.includes(method) && path.includes(code) ? refusal : undefined,
    );
    expect((await deliver([dropMessage(key, '1')], handler)).dead).toEqual([]);
    expect(await stack.told()).toEqual([expect.stringContaining(`S3 refuses to give ${key}`)]);
    expect(await timesSent(key)).toBe(0);
  });

  it('says of a file with settings that a bucket has them elsewhere', async () => {
    const key = 'input/preserve/clip.mov.reelmill.json';
    await upload(key, '{"settings":{"crf":20}}');
    expect((await deliver([dropMessage(key, '1'), dropMessage(key, '2')], handler)).dead).toEqual([]);
    expect(await stack.told()).toEqual([expect.stringContaining('x-amz-meta-reelmill-crf')]);
    expect(await timesSent(key)).toBe(0);
  });

  it('has only the failed message of a batch delivered again', async () => {
    await upload('input/preserve/good.mov');
    const bad = { messageId: 'bad', body: 'no JSON' };
    expect(await handler({ Records: [bad, dropMessage('input/preserve/good.mov', 'good')] }, {} as never)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'bad' }],
    });
    expect(await timesSent('input/preserve/good.mov')).toBe(1);
  });

  it('makes no job of an event that another service sent', async () => {
    const event = { Records: [{ eventSource: 'aws:s3', s3: {} }] };
    expect(await handler(event, {} as never)).toEqual({ batchItemFailures: [{ itemIdentifier: undefined }] });
  });
});

describe('drops while AWS fails', () => {
  /** Fails every call of the service, all of the SDK's repetitions included, until it has failed `times`. */
  const failing = (fault: Fault, times: number) => () => (times-- > 0 ? fault : undefined);
  const rows: readonly { what: string; service: 'batch' | 'dynamo' | 's3'; fault: Fault; times: number }[] = [
    { what: 'Batch is throttled for a moment', service: 'batch', fault: TOO_MANY, times: 2 },
    { what: 'Batch is throttled for long', service: 'batch', fault: THROTTLED, times: 13 },
    { what: 'Batch is broken', service: 'batch', fault: BROKEN, times: 13 },
    { what: 'answers of Batch are lost', service: 'batch', fault: { what: 'lose' }, times: 10 },
    { what: 'DynamoDB is throttled', service: 'dynamo', fault: OVERLOADED, times: 13 },
    { what: 'DynamoDB is broken', service: 'dynamo', fault: BROKEN, times: 13 },
    { what: 'answers of DynamoDB are lost', service: 'dynamo', fault: { what: 'lose' }, times: 10 },
    { what: 'S3 says to slow down', service: 's3', fault: SLOW_DOWN, times: 13 },
    { what: 'answers of S3 are lost', service: 's3', fault: { what: 'lose' }, times: 10 },
  ];

  it.each(rows)('are neither lost nor made twice: $what', async ({ what, service, fault, times }) => {
    const keys = Array.from({ length: 5 }, (_, i) => `input/preserve/${what} ${i}.mov`);
    for (const key of keys) await upload(key);
    const messages = keys.map((key, i) => dropMessage(key, `${i}`));
    const proxy = stack.faults[service];
    proxy.setFault(failing(fault, times));
    const { dead } = await deliver(messages, handler, { most: 20, atOnce: 2, batch: 3 });
    expect(dead).toEqual([]);
    expect(proxy.faults).toBe(times);
    const jobs = (await stack.jobs.list(1_000)).filter(({ source }) => keys.includes(source));
    expect(jobs.map(({ source }) => source).sort()).toEqual([...keys].sort());
    const sent = await stack.sent();
    for (const job of jobs)
      expect(sent.filter((each) => each.job === job.id)).toEqual([
        { ...sent.find((each) => each.job === job.id), reference: job.sent?.reference },
      ]);
    for (const key of keys) expect([key, await timesSent(key)]).toEqual([key, 1]);
  });

  it('go to the dead-letter queue, and nowhere else, when it does not end', async () => {
    await upload('input/preserve/hopeless.mov');
    stack.faults.batch.setFault(() => THROTTLED);
    const { dead } = await deliver([dropMessage('input/preserve/hopeless.mov', '1')], handler, { most: 3 });
    expect(dead).toHaveLength(1);
    stack.faults.batch.setFault(() => undefined);
    expect((await deliver(dead, handler)).dead).toEqual([]);
    expect(await timesSent('input/preserve/hopeless.mov')).toBe(1);
  });
});
