import { type ByteSource, withByteSource } from './byte-source.ts';

const HEADER_BYTES = 9;
const TAG_HEADER_BYTES = 11;
const SIZE_BYTES = 4;
const SCRIPT = 18;
/** Longer ones are left out; the longest real ones list the keyframes of a film of hours. */
const LONGEST = 4 * 2 ** 20;
const MOST_SCRIPTS = 10_000;
/** The description lies before the pictures; cue points lie among them, through an hour of film and more. */
const [FIRST_TAGS, MOST_TAGS] = [2000, 200_000];

/**
 * Reads the bodies of the script tags of an FLV (FLV 10.1, annex E): those of its beginning, or those of the whole film where
 * `isAll` is set. What is damaged ends the list.
 */
export const flvScripts = (path: string, isAll: boolean, signal: AbortSignal): Promise<readonly Buffer[]> =>
  withByteSource(path, signal, (source) => scriptsIn(source, isAll ? MOST_TAGS : FIRST_TAGS));

async function scriptsIn(source: ByteSource, mostTags: number): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  const head = await source.read(0, HEADER_BYTES);
  if (head.length < HEADER_BYTES) return found;
  let at = head.readUInt32BE(5) + SIZE_BYTES;
  for (let tags = 0; tags < mostTags && found.length < MOST_SCRIPTS; tags++) {
    const tag = await source.read(at, TAG_HEADER_BYTES);
    if (tag.length < TAG_HEADER_BYTES) break;
    const bytes = tag.readUIntBE(1, 3);
    if (tag[0] === SCRIPT && bytes <= LONGEST) found.push(await source.read(at + TAG_HEADER_BYTES, bytes));
    at += TAG_HEADER_BYTES + bytes + SIZE_BYTES;
  }
  return found;
}
