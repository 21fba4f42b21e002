import type { ByteSource } from './byte-source.ts';
import { anotherFilm, encrypted, truncated } from './refusals.ts';

const TAG_HEADER_BYTES = 11;
const SIZE_BYTES = 4;
/** The filter flag in a tag's first byte (FLV 10.1, E.4.1). */
const IS_FILTERED = 0x20;
const SCRIPT_BYTES = 64 * 1024;

/**
 * Throws `truncated` unless the last four bytes, the size of the last tag, lead back to a tag of that size (FLV 10.1, annex E). A
 * recording that was never finished says no duration and no size, and may end within a tag, which is a warning.
 */
export async function judgeFlv(source: ByteSource): Promise<string[]> {
  const head = await source.read(0, SCRIPT_BYTES);
  const announced = saidIn(head, 'filesize');
  if (announced > source.size) throw truncated(source, `its metadata says ${announced} bytes, it has ${source.size}`);
  await refuseOtherHeader(source);
  const tail = await source.read(source.size - SIZE_BYTES, SIZE_BYTES);
  const tagBytes = tail.length === SIZE_BYTES ? tail.readUInt32BE(0) : 0;
  const tagAt = source.size - SIZE_BYTES - tagBytes;
  const tag = await source.read(Math.max(0, tagAt), TAG_HEADER_BYTES);
  const isWhole = tagBytes >= TAG_HEADER_BYTES && tag.length === TAG_HEADER_BYTES;
  if (isWhole && tag.readUIntBE(1, 3) + TAG_HEADER_BYTES === tagBytes) {
    if ((tag.readUInt8(0) & IS_FILTERED) === 0) return [];
    throw encrypted(source, 'its last tag has the filter flag of encryption');
  }
  const end = announced === 0 && saidIn(head, 'duration') === 0 ? await lastTagEnd(source) : undefined;
  if (end === undefined) throw truncated(source, 'its last tag is not all there');
  return [
    `its metadata says neither how long nor how large it is, as a recording does that was never finished; the last ${source.size - end} bytes are not used`,
  ];
}

/** The header of version 1, of 9 bytes, and the size of the tag before the first one, which is 0 (FLV 10.1, E.2 and E.3). */
const HEADERS = [0, 1, 4, 5].map((streams) =>
  Buffer.from(`FLV\x01${String.fromCharCode(streams)}\0\0\0\x09\0\0\0\0`, 'latin1'),
);
const HEADER_BYTES = 13;
const SEARCHED_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Throws `bad-input` where a stream that broke off was begun anew in the same file, as far as that is searched: readers stop there. */
async function refuseOtherHeader(source: ByteSource): Promise<void> {
  const end = Math.min(source.size, SEARCHED_BYTES);
  for (let from = HEADER_BYTES; from < end; from += BLOCK_BYTES) {
    const bytes = await source.read(from, BLOCK_BYTES + HEADER_BYTES);
    const at = Math.max(...HEADERS.map((header) => bytes.indexOf(header)));
    if (at >= 0) throw anotherFilm(source, `another header begins at byte ${from + at}`, from + at);
  }
}

/** Returns a number of the script tag (AMF0: the length of the name, the name, and the marker of a number); 0 if it is absent. */
function saidIn(head: Buffer, name: 'filesize' | 'duration'): number {
  const property = Buffer.from(`\0\x08${name}\0`, 'latin1');
  const at = head.indexOf(property);
  const number = at < 0 ? undefined : head.subarray(at + property.length, at + property.length + 8);
  return number?.length === 8 ? number.readDoubleBE(0) : 0;
}

const TAIL_BYTES = 4 * 1024 * 1024;
/** Sound, picture and script (FLV 10.1, E.4.1). */
const TAG_TYPES: ReadonlySet<number> = new Set([8, 9, 18]);

/** Returns where the last tag ends that is whole with the size behind it, as far as the end of the file is searched; undefined where none is. */
async function lastTagEnd(source: ByteSource): Promise<number | undefined> {
  const from = Math.max(HEADER_BYTES, source.size - TAIL_BYTES);
  const tail = await source.read(from, source.size - from);
  for (let at = tail.length - SIZE_BYTES; at >= TAG_HEADER_BYTES; at--) {
    const tagAt = at - tail.readUInt32BE(at);
    if (tagAt < 0 || at - tagAt < TAG_HEADER_BYTES || !TAG_TYPES.has(tail.readUInt8(tagAt))) continue;
    if (tail.readUIntBE(tagAt + 1, 3) + TAG_HEADER_BYTES === at - tagAt) return from + at + SIZE_BYTES;
  }
  return undefined;
}
