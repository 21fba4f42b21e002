import { createHash } from 'node:crypto';

/** A small text to be published, and what a manifest says of it. */
export type TextFile = {
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** SHA-256 of a text, hexadecimal. */
export const contentHash = (text: string): string => createHash('sha256').update(text).digest('hex');

export function textFile(path: string, text: string): TextFile {
  const bytes = new TextEncoder().encode(text);
  return { path, text, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
