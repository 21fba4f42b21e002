import { createHash } from 'node:crypto';

/** Shortens a name to at most `bytes`. It is cut between characters, and a hash keeps shortened names distinct. */
export function shortName(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > bytes - mark.length) break;
    kept += character;
  }
  return kept + mark;
}
