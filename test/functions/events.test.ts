import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { taskFailure } from '../../core/dispatch/task-failure.ts';
import { droppedKeys, jobsChanged, noticeFrom, queuedNotice, snsEvent, sqsEvent } from '../../functions/events.ts';

const JOB = '0123456789abcdef0123456789abcdef';
const recorded = (name: string) => readFile(`test/fixtures/events/${name}.json`, 'utf8');
const event = async (name: string): Promise<unknown> => JSON.parse(await recorded(name));
async function change(name: string) {
  const [only, ...more] = jobsChanged(await event(name));
  if (!only || more.length > 0) throw new Error(`${name} is not one change`);
  return only;
}

describe('a message from S3', () => {
  it.each([
    { name: 's3-put', keys: ['input/preserve/clip.mov'] },
    { name: 's3-multipart', keys: ['input/preserve/archive/film.mkv'] },
    { name: 's3-odd-key', keys: ['input/preserve/two words + 100%2F é 映像.MOV'] },
    { name: 's3-restored', keys: ['input/preserve/clip.mov'] },
    { name: 's3-put-moto', keys: ['input/preserve/two words + a plus 100%2F é 映像.mov'] },
    { name: 's3-test', keys: [] },
    { name: 's3-delete-marker', keys: [] },
  ])('$name tells of $keys', async ({ name, keys }) => {
    expect(droppedKeys(await recorded(name))).toEqual(keys.map((key) => ({ key })));
  });

  it.each(['', 'no JSON', '{}', '[]', '{"Records":[{"eventName":"ObjectCreated:Put"}]}', '{"Records":"many"}'])(
    'that is none is an error, so that it ends in the dead-letter queue: %j',
    (body) => {
      expect(() => droppedKeys(body)).toThrow();
    },
  );

  it.each(['clip%E4.mov', '100%.mov', '%zz.mov'])(
    'gives a key that is not rightly encoded as it came: %s',
    async (name) => {
      const broken = (await recorded('s3-put')).replace('clip.mov', name);
      expect(droppedKeys(broken)).toEqual([{ undecodable: `input/preserve/${name}` }]);
    },
  );

  it('is found in what SQS gives to a function', async () => {
    const { Records } = sqsEvent.parse(await event('sqs-drop'));
    expect(Records.flatMap(({ body }) => droppedKeys(body))).toEqual([{ key: 'input/preserve/clip.mov' }]);
  });
});

describe('a state change', () => {
  it.each(['batch-pending', 'batch-runnable', 'batch-starting', 'batch-running', 'workflow-running'])(
    'on the way settles nothing: %s',
    async (name) => {
      expect(await change(name)).toEqual({ kind: 'progress' });
    },
  );

  it.each([
    { name: 'batch-succeeded', succeeded: true },
    { name: 'workflow-succeeded', succeeded: true },
    { name: 'batch-failed-input', code: 'bad-input' },
    { name: 'batch-failed-memory', code: 'out-of-memory' },
    { name: 'batch-failed-reclaimed', code: 'reclaimed' },
    { name: 'batch-failed-image', code: 'busy' },
    { name: 'batch-failed-no-capacity', code: 'reclaimed' },
    { name: 'batch-failed-timeout', code: 'over-time' },
    { name: 'workflow-failed-plan', code: 'bad-input' },
    { name: 'workflow-failed-segments', code: 'bug' },
    { name: 'workflow-timed-out', code: 'over-time' },
    { name: 'workflow-aborted', code: 'interrupted' },
    { name: 'endpoint-completed', succeeded: true },
    { name: 'endpoint-failed', code: 'busy' },
  ])('ends its job: $name', async ({ name, succeeded = false, code }) => {
    const told = await change(name);
    expect(told).toMatchObject({ kind: 'ending', ending: { job: JOB, succeeded } });
    if (told.kind === 'ending' && code !== undefined) expect(taskFailure(told.ending.end).code).toBe(code);
  });

  it.each([
    { name: 'batch-succeeded', reference: '4c7599ae-0a82-49aa-ba5a-4727fcce14a8' },
    { name: 'endpoint-completed', reference: `s3://media/work/endpoint/${JOB}-m5x3k2a1` },
    {
      name: 'workflow-failed-plan',
      reference: `arn:aws:states:eu-central-1:123456789012:execution:reelmill-dev:${JOB}-m5x3k2a1`,
    },
  ])('names what its job was sent as: $name', async ({ name, reference }) => {
    expect(await change(name)).toMatchObject({ ending: { reference } });
  });

  it.each([
    { name: 'batch-child-failed', code: 'out-of-memory' },
    { name: 'batch-array-failed', code: 'bug' },
  ])('of a part leaves the judgement to the workflow: $name', async ({ name, code }) => {
    const told = await change(name);
    expect(told).toMatchObject({ kind: 'part', ending: { job: JOB, succeeded: false } });
    expect(told.kind === 'part' && taskFailure(told.ending.end).code).toBe(code);
  });

  it('of a container that several jobs share tells which one it was, and of the whole array nothing', async () => {
    expect(await change('batch-burst-child-failed')).toMatchObject({
      kind: 'burst',
      ending: {
        ...{ burst: 'fedcba9876543210fedcba9876543210', index: 17, succeeded: false },
        reference: '7ab1c3de-0a82-49aa-ba5a-4727fcce14a8:17',
        end: { exitCode: 137 },
      },
    });
    expect(await change('batch-burst-array-failed')).toEqual({ kind: 'progress' });
  });

  it.each([
    { what: 'of another service', change: { 'detail-type': 'ECS Task State Change' } },
    { what: 'without detail', change: { detail: undefined } },
  ])('$what is an error', async ({ change }) => {
    const batch = (await event('batch-succeeded')) as object;
    expect(() => jobsChanged({ ...batch, ...change })).toThrow();
  });
});

describe('a message of the endpoint', () => {
  const sent = (message: object) => ({ Records: [{ Sns: { MessageId: '1', Message: JSON.stringify(message) } }] });

  it.each([
    { what: 'about what is no job of ours', inputLocation: 's3://media/work/endpoint/film' },
    { what: 'about another place', inputLocation: `s3://media/input/upscale/${JOB}-m5x3k2a1` },
    { what: 'that names no input', inputLocation: undefined },
  ])('$what is an error', ({ inputLocation }) => {
    const message = { invocationStatus: 'Completed', requestParameters: { inputLocation } };
    expect(() => jobsChanged(sent(message))).toThrow();
  });

  it('in an unknown state is an error, so that it ends in the dead-letter queue', () => {
    const requestParameters = { inputLocation: `s3://media/work/endpoint/${JOB}-m5x3k2a1` };
    expect(() => jobsChanged(sent({ invocationStatus: 'Paused', requestParameters }))).toThrow();
  });
});

describe('a message from SNS', () => {
  it('holds a notice', async () => {
    const [record] = snsEvent.parse(await event('sns-notice')).Records;
    expect(noticeFrom(record?.Sns.Message ?? '')).toMatchObject({ kind: 'done', job: JOB, recipe: 'preserve' });
  });

  it('holds a notice in a queue, too', async () => {
    const [record] = snsEvent.parse(await event('sns-notice')).Records;
    const { id, notice } = queuedNotice(JSON.stringify(record?.Sns));
    expect(id).toBe('95df01b4-ee98-5cb9-9903-4c221d41eb5e');
    expect(notice).toMatchObject({ kind: 'done', job: JOB });
  });

  it('that holds none is an error', () => {
    expect(() => noticeFrom('{"kind":"party"}')).toThrow();
    expect(() => queuedNotice('{"Message":"{}"}')).toThrow();
  });
});
