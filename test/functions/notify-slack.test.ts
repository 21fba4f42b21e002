import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { openStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let handler: typeof import('../../functions/notify-slack.ts').handler;
/** What Slack was told, and what it answers, the first of these first. */
const told: { blocks: { type: string }[] }[] = [];
const answers: number[] = [];
/** When each request came, and what is to be waited before the next. */
const asked: number[] = [];
let retryAfter: number | undefined;

const slack = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  asked.push(Date.now());
  const status = answers.shift() ?? 200;
  if (status === 200) told.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` }).end();
});

beforeAll(async () => {
  slack.listen(0, '127.0.0.1');
  await once(slack, 'listening');
  const address = slack.address();
  stack = await openStack();
  stack.batch.secrets.set('slack', `http://127.0.0.1:${typeof address === 'object' && address?.port}/services/T/B/x\n`);
  ({ handler } = await import('../../functions/notify-slack.ts'));
});
beforeEach(() => {
  told.length = 0;
  answers.length = 0;
  asked.length = 0;
  retryAfter = undefined;
});
afterAll(async () => {
  slack.closeAllConnections();
  await once(slack.close(), 'close');
  await stack.close();
});

type Changes = { readonly source?: string };

/** A message of the queue, as SNS puts it there. */
async function queued(id: string, { source = 'input/preserve/clip.mov' }: Changes = {}) {
  const { Records } = JSON.parse(await readFile('test/fixtures/events/sns-notice.json', 'utf8'));
  const { Sns } = Records[0];
  const Message = JSON.stringify({ ...JSON.parse(Sns.Message), source });
  return { messageId: `message ${id}`, body: JSON.stringify({ ...Sns, MessageId: id, Message }) };
}
const call = (...Records: readonly unknown[]) => handler({ Records }, {} as never);
const NONE = { batchItemFailures: [] };

it('tells Slack in blocks what, how much smaller, what it cost, and where it is', async () => {
  expect(await call(await queued('1'))).toEqual(NONE);
  const text = JSON.stringify(told[0]?.blocks);
  for (const part of ['clip.mov', '52 % smaller', '$0.0007', 's3.console.aws.amazon.com']) expect(text).toContain(part);
  expect(told[0]?.blocks).toContainEqual({
    type: 'actions',
    elements: [
      {
        type: 'button',
        text: { type: 'plain_text', text: 'Show the files', emoji: false },
        url: 'https://s3.console.aws.amazon.com/s3/buckets/reelmill-dev-media?prefix=output%2Fpreserve%2Fclip.mov%2F',
      },
    ],
  });
});

it('tells of a burst in few messages, each notice once, within what Slack takes', async () => {
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, i) => queued(`burst ${i}`, { source: `film ${i}.mov` })),
  );
  expect(await call(...many)).toEqual(NONE);
  expect(told).toHaveLength(1);
  expect(told[0]?.blocks.length).toBeLessThanOrEqual(50);
  const text = JSON.stringify(told[0]);
  for (let i = 0; i < 20; i++) expect(text.split(`: film ${i}.mov`)).toHaveLength(2);
});

it('tells a notice once that is delivered twice, at the same time too', async () => {
  const message = await queued('2');
  const answered = await Promise.all([call(message, message), call(message)]);
  await call(message);
  expect(told).toHaveLength(1);
  // whoever came second leaves it in the queue, should the first one fail
  const failures = answered.flatMap((each) => (each as typeof NONE).batchItemFailures);
  expect(failures.length).toBeLessThanOrEqual(2);
});

it('tries again by itself when Slack is busy, and waits as long as Slack asks', async () => {
  answers.push(503, 429);
  retryAfter = 1;
  expect(await call(await queued('3'))).toEqual(NONE);
  expect(told).toHaveLength(1);
  expect(asked).toHaveLength(3);
});

it.each([500, 403])(
  'fails when Slack takes nothing (%i), and tells all of it when it is delivered again',
  async (status) => {
    answers.push(status, status, status, status);
    const both = [await queued(`4 ${status}`), await queued(`5 ${status}`, { source: 'another.mov' })];
    await expect(call(...both)).rejects.toMatchObject({ code: 'busy' });
    answers.length = 0;
    expect(await call(...both)).toEqual(NONE);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told[0])).toContain('another.mov');
  },
);

it('tells the others when one message is no notice, which alone is delivered again', async () => {
  const bad = { messageId: 'bad', body: 'no JSON' };
  expect(await call(bad, await queued('6'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
  expect(told).toHaveLength(1);
});

it('reads the secret again after a failure: it may have been changed', async () => {
  const address = stack.batch.secrets.get('slack') ?? '';
  stack.batch.secrets.set('slack', 'not yet set');
  answers.push(403);
  const message = await queued('7');
  await expect(call(message)).rejects.toThrow();
  await expect(call(message)).rejects.toMatchObject({ code: 'usage' });
  stack.batch.secrets.set('slack', address);
  expect(await call(message)).toEqual(NONE);
  expect(told).toHaveLength(1);
});
