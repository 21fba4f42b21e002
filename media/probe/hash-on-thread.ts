import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { hashFile } from './hash-file.ts';

/** Starting a thread takes longer than hashing a file smaller than this. */
const WORTH_A_THREAD_BYTES = 16 << 20;

const message = z.object({ bytes: z.number(), sha256: z.optional(z.string()) });

/** Returns the SHA-256 of a file like `hashFile`, but hashes a large file on a thread, beside other files and other work. */
export async function hashOnThread(path: string, options: WorkOptions): Promise<string> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  ); // hashFile says what is wrong
  return bytes < WORTH_A_THREAD_BYTES ? hashFile(path, options) : byThread(path, options);
}

function byThread(path: string, { signal, onProgress }: WorkOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./hash-thread.js', import.meta.url), { workerData: { path } });
    const stop = () => void thread.terminate();
    const fail = (cause?: unknown) => {
      const stopped = new ServiceError('interrupted', 'stopped while hashing');
      reject(signal.aborted ? stopped : new ServiceError('no-input', `cannot read ${path}`, {}, { cause }));
    };
    thread.on('message', (received: unknown) => {
      const { bytes, sha256 } = message.parse(received);
      if (signal.aborted) return; // what the thread had said before it was ended comes all the same
      onProgress(bytes);
      if (sha256 !== undefined && !signal.aborted) resolve(sha256);
    });
    thread.on('error', fail);
    thread.on('exit', () => {
      signal.removeEventListener('abort', stop);
      fail(); // has no effect if the hash came before
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
