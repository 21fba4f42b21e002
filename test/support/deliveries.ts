export type Message = { readonly messageId: string; readonly body: string };
type Handler = (event: unknown, context: never) => Promise<unknown>;

/** A message as S3 sends it for one object. */
export const dropMessage = (key: string, messageId: string): Message => ({
  messageId,
  body: JSON.stringify({
    Records: [
      { eventName: 'ObjectCreated:Put', s3: { object: { key: encodeURIComponent(key).replaceAll('%20', '+') } } },
    ],
  }),
});

export type Deliveries = {
  /** Messages that were still not taken after the last time: the dead-letter queue. */
  readonly dead: readonly Message[];
  readonly times: number;
};

/** As SQS and Lambda do it: batches, several at once, and what was reported as failed again, `most` times at the most. */
export async function deliver(
  messages: readonly Message[],
  handler: Handler,
  { most = 5, atOnce = 10, batch = 10 }: { most?: number; atOnce?: number; batch?: number } = {},
): Promise<Deliveries> {
  let waiting = messages;
  let times = 0;
  for (; times < most && waiting.length > 0; times++) {
    const batches = Array.from({ length: Math.ceil(waiting.length / batch) }, (_, i) =>
      waiting.slice(i * batch, (i + 1) * batch),
    );
    const failed: Message[] = [];
    const worker = async () => {
      for (let next = batches.pop(); next; next = batches.pop()) failed.push(...(await failures(next, handler)));
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    waiting = failed;
  }
  return { dead: waiting, times };
}

async function failures(messages: readonly Message[], handler: Handler): Promise<readonly Message[]> {
  const answer = (await handler({ Records: messages }, {} as never)) as {
    batchItemFailures: { itemIdentifier: string }[];
  };
  const ids = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return messages.filter(({ messageId }) => ids.has(messageId));
}
