import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ServiceError } from '../../core/errors.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';

/** Returns the SHA-256 of a file, hexadecimal. Throws `no-input` where it cannot be read. */
export async function hashFile(path: string, { signal, onProgress }: WorkOptions): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20, signal })) {
      hash.update(chunk);
      bytes += chunk.length;
      onProgress(bytes);
    }
  } catch (error) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while hashing', {}, { cause: error });
    throw new ServiceError('no-input', `cannot read ${path}`, {}, { cause: error });
  }
  return hash.digest('hex');
}
