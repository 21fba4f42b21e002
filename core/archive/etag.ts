import { createHash } from 'node:crypto';

/**
 * The size of the parts in which rclone sends a file: as asked, unless that made more than 10,000 parts (the limit of S3;
 * backend/s3 of rclone). Undefined if the file is sent as one object.
 */
export function partBytesOf(bytes: number, partMiB: number): number | undefined {
  const asked = partMiB * MIB;
  if (bytes < asked) return undefined;
  if (Math.floor(bytes / asked) < MOST_PARTS) return asked;
  return (Math.floor(Math.floor(bytes / MOST_PARTS) / MIB) + 1) * MIB;
}

const MIB = 1 << 20;
const MOST_PARTS = 10_000;

/**
 * The ETag that S3 gives to an object sent in parts: the MD5 of the parts' MD5s, and their number. Of an object sent as one,
 * it is its MD5. Objects under a key of KMS have another ETag, which says nothing of their bytes.
 */
export function etagOf(partHashes: readonly Uint8Array[], isInParts: boolean): string {
  const [only] = partHashes;
  if (!isInParts && only) return hex(only);
  const whole = createHash('md5');
  for (const hash of partHashes) whole.update(hash);
  return `${whole.digest('hex')}-${partHashes.length}`;
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
