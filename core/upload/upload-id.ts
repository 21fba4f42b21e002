import { createHash } from 'node:crypto';
import type { UploadRecord } from './upload-record.ts';

type Asked = Pick<UploadRecord, 'owner' | 'key' | 'bytes' | 'modifiedMs' | 'settings'>;

/**
 * The id of an upload, the same for all that ask for the same file at the same moment. `before` are the ids of uploads of it
 * that have ended: whoever begins again gets another one.
 */
export function uploadId({ owner, key, bytes, modifiedMs, settings }: Asked, before: readonly string[]): string {
  const text = JSON.stringify([owner, key, bytes, modifiedMs ?? null, settings, [...before].sort()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
