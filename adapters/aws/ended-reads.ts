import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Has what a client only reads end as soon as the signal aborts, with the error by which an aborted call of the SDK ends; `destroy` then closes its
 * connection. What writes is waited for, so that it is known whether it was done.
 */
export function endReads(client: S3Client, signal: AbortSignal): void {
  const aborted = Object.assign(new Error('the read was aborted'), { name: 'AbortError' });
  client.middlewareStack.add(
    (next) => async (args) => {
      if (!isRead(args.request)) return next(args);
      if (signal.aborted) throw aborted;
      let end = () => {};
      const ended = new Promise<never>((_, reject) => {
        end = () => reject(aborted);
        signal.addEventListener('abort', end, { once: true });
      });
      try {
        return await Promise.race([next(args), ended]);
      } finally {
        signal.removeEventListener('abort', end);
      }
    },
    { step: 'finalizeRequest', name: 'endReads', priority: 'high' },
  );
}

const isRead = (request: unknown): boolean =>
  typeof request === 'object' &&
  request !== null &&
  'method' in request &&
  (request.method === 'GET' || request.method === 'HEAD');
