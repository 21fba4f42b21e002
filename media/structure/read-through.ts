import { createReadStream } from 'node:fs';
import { ServiceError } from '../../core/errors.ts';

const CHUNK_BYTES = 1 << 20;

/** Hands all bytes of a file to `read`, which returns how many it is done with, as a rewriter does; undefined if it wants no more. */
export async function readThrough(
  path: string,
  read: (bytes: Buffer, from: number, isEnd: boolean) => number | undefined,
  signal: AbortSignal,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while reading the file');
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const done = read(bytes, at, false);
    if (done === undefined) return;
    rest = bytes.subarray(done);
    at += done;
  }
  read(rest, at, true);
}
