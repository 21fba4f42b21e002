import { createHash } from 'node:crypto';
import { crc64nvmeOf } from './crc64nvme.ts';
import type { FileRecord } from './file-record.ts';

/** A small file that is to be published, with the size and hash that the manifest records. */
export type SmallFile = FileRecord & { readonly content: string | Uint8Array };

/** The SHA-256 of a text, in hexadecimal. */
export const contentHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Describes content that is to be published at `path`. */
export function smallFile(path: string, content: string | Uint8Array): SmallFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, content, bytes: bytes.length, sha256, crc64nvme: crc64nvmeOf(bytes) };
}
