import { createHash } from 'node:crypto';

/** A small file to be published, and what a manifest says of it. */
export type SmallFile = {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly bytes: number;
  readonly sha256: string;
};

/** SHA-256 of a text, hexadecimal. */
export const contentHash = (text: string): string => createHash('sha256').update(text).digest('hex');

export function smallFile(path: string, content: string | Uint8Array): SmallFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, content, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
