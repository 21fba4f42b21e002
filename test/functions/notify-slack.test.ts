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

const slack = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const status = answers.shift() ?? 200;
  if (status === 200) told.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(status).end();
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
});
afterAll(async () => {
  slack.closeAllConnections();
  await once(slack.close(), 'close');
  await stack.close();
});

async function event(messageId: string): Promise<unknown> {
  const text = await readFile('test/fixtures/events/sns-notice.json', 'utf8');
  return JSON.parse(text.replace('95df01b4-ee98-5cb9-9903-4c221d41eb5e', messageId));
}

it('tells Slack in blocks what, how much smaller, what it cost, and where it is', async () => {
  await handler(await event('1'), {} as never);
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

it('tells a message once that SNS delivers twice', async () => {
  await Promise.all([handler(await event('2'), {} as never), handler(await event('2'), {} as never)]);
  await handler(await event('2'), {} as never);
  expect(told).toHaveLength(1);
});

it('tries again by itself when Slack is busy', async () => {
  answers.push(503, 429);
  await handler(await event('3'), {} as never);
  expect(told).toHaveLength(1);
});

it('fails when Slack takes nothing, so that the message is delivered again', async () => {
  answers.push(403);
  await expect(handler(await event('4'), {} as never)).rejects.toMatchObject({ code: 'busy' });
  await handler(await event('4'), {} as never);
  expect(told).toHaveLength(1);
});

it('reads the secret again after a failure: it may have been changed', async () => {
  const address = stack.batch.secrets.get('slack') ?? '';
  stack.batch.secrets.set('slack', 'not yet set');
  answers.push(403);
  await expect(handler(await event('5'), {} as never)).rejects.toThrow();
  await expect(handler(await event('5'), {} as never)).rejects.toMatchObject({ code: 'usage' });
  stack.batch.secrets.set('slack', address);
  await handler(await event('5'), {} as never);
  expect(told).toHaveLength(1);
});
