import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { etagOf } from '../../core/archive/etag.ts';
import { ServiceError } from '../../core/errors.ts';
import { readFailure } from '../../core/system-failure.ts';

type PartHashes = { readonly sha256: string; readonly etag: string };

const READ_BYTES = 1 << 20;

/** Returns the SHA-256 of a file and its ETag in S3, by one reading. `partBytes` is undefined if it is sent as one object. */
export async function partHashes(
  path: string,
  partBytes: number | undefined,
  { signal, onProgress }: { readonly signal: AbortSignal; onProgress(bytes: number): void },
): Promise<PartHashes> {
  const whole = createHash('sha256');
  const parts: Uint8Array[] = [];
  let part = createHash('md5');
  let room = partBytes ?? Number.POSITIVE_INFINITY;
  let done = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES, signal })) {
      whole.update(chunk);
      for (let at = 0; at < chunk.length; ) {
        const end = Math.min(chunk.length, at + room);
        part.update(chunk.subarray(at, end));
        room -= end - at;
        at = end;
        if (room > 0) continue;
        parts.push(part.digest());
        part = createHash('md5');
        room = partBytes ?? Number.POSITIVE_INFINITY;
      }
      done += chunk.length;
      onProgress(done);
    }
  } catch (error) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while hashing');
    throw readFailure(error, path);
  }
  if (partBytes === undefined || room < partBytes) parts.push(part.digest());
  return { sha256: whole.digest('hex'), etag: etagOf(parts, partBytes !== undefined) };
}
