import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { crc64nvme } from '../../core/crc64nvme.ts';
import { ServiceError } from '../../core/errors.ts';
import type { FileSums } from '../../core/file-record.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';

/** A small file is read in smaller parts: each reading takes this much memory, and much of it makes V8 collect garbage. */
const [LEAST_AT_ONCE, MOST_AT_ONCE] = [64 << 10, 4 << 20];

/** Returns the SHA-256 of a file, hexadecimal. Throws `no-input` where it cannot be read. */
export async function hashFile(path: string, { signal, onProgress }: WorkOptions): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  await readThrough(path, signal, (chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
    onProgress(bytes);
  });
  return hash.digest('hex');
}

/** Returns the size and both hashes of the very bytes of one reading. Throws `no-input` where the file cannot be read. */
export async function sumsOfFile(
  path: string,
  signal: AbortSignal,
): Promise<FileSums & { readonly crc64nvme: string }> {
  const hash = createHash('sha256');
  const sum = crc64nvme();
  let bytes = 0;
  await readThrough(path, signal, (chunk) => {
    hash.update(chunk);
    sum.update(chunk);
    bytes += chunk.length;
  });
  return { bytes, sha256: hash.digest('hex'), crc64nvme: sum.digest() };
}

async function readThrough(path: string, signal: AbortSignal, take: (chunk: Uint8Array) => void): Promise<void> {
  try {
    const { size } = await stat(path);
    const highWaterMark = Math.min(Math.max(size, LEAST_AT_ONCE), MOST_AT_ONCE);
    for await (const chunk of createReadStream(path, { highWaterMark, signal })) take(chunk);
  } catch (error) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while hashing', {}, { cause: error });
    throw new ServiceError('no-input', `cannot read ${path}`, {}, { cause: error });
  }
}
