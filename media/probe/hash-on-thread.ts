import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { WorkOptions } from '../../core/ports/media.ts';
import { hashFile } from './hash-file.ts';

/** Below this the start of a thread takes longer than the hashing. */
const WORTH_A_THREAD_BYTES = 16 << 20;

const message = z.object({ bytes: z.number(), sha256: z.string().optional() });

/** As `hashFile`, but a large file is hashed by a thread, so that several are hashed at once, and while other work goes on. */
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
    thread.on('message', (told: unknown) => {
      const { bytes, sha256 } = message.parse(told);
      onProgress(bytes);
      if (sha256 !== undefined) resolve(sha256);
    });
    thread.on('error', fail);
    thread.on('exit', () => {
      signal.removeEventListener('abort', stop);
      fail(); // heard by nobody where the hash came before
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
