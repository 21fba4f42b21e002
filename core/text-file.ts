import { createHash } from 'node:crypto';

/** A small text to be published, and what a manifest says of it. */
export type TextFile = {
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Enough of a text's hash to tell it from others of its kind. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

export function textFile(path: string, text: string): TextFile {
  const bytes = new TextEncoder().encode(text);
  return { path, text, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
