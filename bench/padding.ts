import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';

/** Makes an MP4 larger without changing its video, by a free box of noise at its end. */
export async function pad(path: string, megabytes: number): Promise<void> {
  const noise = Buffer.alloc(1 << 20);
  for (let i = 0; i < noise.length; i += 4) noise.writeUInt32LE((Math.imul(i, 2654435761) ^ (i >>> 3)) >>> 0, i);
  const head = Buffer.alloc(16); // ISO/IEC 14496-12 4.2: size 1 announces a 64-bit size
  head.writeUInt32BE(1, 0);
  head.write('free', 4);
  head.writeBigUInt64BE(BigInt(megabytes) * (1n << 20n) + 16n, 8);
  await appendFile(path, head);
  for (let i = 0; i < megabytes; i++) await appendFile(path, noise);
}

/** Returns the seconds that Node takes to hash a file with SHA-256 in this process. */
export async function secondsToHash(path: string): Promise<number> {
  const started = performance.now();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) hash.update(chunk);
  hash.digest();
  return (performance.now() - started) / 1000;
}
