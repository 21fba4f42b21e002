import type { ByteSource } from './byte-source.ts';
import { broken, truncated } from './refusals.ts';

/** The key with which every partition pack begins (SMPTE ST 377-1 7.1); the bytes behind it distinguish header, body and footer. */
export const PARTITION = Buffer.from('060e2b34020501010d010201', 'hex');
const RANDOM_INDEX = Buffer.from('060e2b34020501010d01020101110100', 'hex');
/** At most this many bytes may precede the first partition. */
export const RUN_IN_BYTES = 65_536;

const KEY_BYTES = 16;
const FOOTER = 0x04;
/** The footer's offset in the pack, behind versions (4 bytes), grid size (4), this and the previous partition (8 each). */
const FOOTER_FIELD = 24;

/**
 * Throws `truncated` or `bad-input` unless a random index pack ends the file (its last four bytes are its length), or the
 * header points to a whole footer partition. A file that was never closed has no footer and gets a warning.
 */
export async function judgeMxf(source: ByteSource): Promise<string[]> {
  const runIn = (await source.read(0, RUN_IN_BYTES + PARTITION.length)).indexOf(PARTITION);
  const pack = await tripletAt(source, runIn);
  const fields = pack ? await source.read(pack.valueAt, FOOTER_POINTER_BYTES) : Buffer.alloc(0);
  if (fields.length < FOOTER_POINTER_BYTES) throw truncated(source, 'it ends within its first partition');
  const footer = Number(fields.readBigUInt64BE(FOOTER_FIELD)) + runIn;
  if (await endsWithRandomIndex(source)) return [];
  if (footer === runIn) {
    return ['it was never closed (its header names no footer), so nothing tells how long it should be'];
  }
  const key = await source.read(footer, KEY_BYTES);
  if (key.length === KEY_BYTES && !(key.subarray(0, PARTITION.length).equals(PARTITION) && key[13] === FOOTER)) {
    throw broken(source, `its footer is not where its header says, at byte ${footer}`);
  }
  await refuseCutFooter(source, footer);
  return [];
}

/** Throws `truncated` unless KLV triplets follow each other from the footer to the end of the file. */
async function refuseCutFooter(source: ByteSource, footer: number): Promise<void> {
  if (footer >= source.size) {
    throw truncated(source, `its footer should begin at byte ${footer}, it ends at byte ${source.size}`);
  }
  for (let at = footer; at < source.size; ) {
    const triplet = await tripletAt(source, at);
    if (!triplet || triplet.end > source.size)
      throw truncated(source, `its footer's part at byte ${at} is not all there`);
    at = triplet.end;
  }
}

/** Reads one KLV triplet; undefined if its key and length are not all there. */
async function tripletAt(source: ByteSource, at: number): Promise<{ valueAt: number; end: number } | undefined> {
  const head = await source.read(at, KEY_BYTES + 9);
  const first = head[KEY_BYTES];
  if (first === undefined) return undefined;
  if (first < 0x80) return { valueAt: at + KEY_BYTES + 1, end: at + KEY_BYTES + 1 + first };
  const lengthBytes = first & 0x7f; // BER, long form
  const length = head.subarray(KEY_BYTES + 1, KEY_BYTES + 1 + lengthBytes);
  if (lengthBytes > 8 || length.length < lengthBytes) return undefined;
  const valueAt = at + KEY_BYTES + 1 + lengthBytes;
  return { valueAt, end: valueAt + length.reduce((sum, byte) => sum * 256 + byte, 0) };
}

const FOOTER_POINTER_BYTES = FOOTER_FIELD + 8;

async function endsWithRandomIndex(source: ByteSource): Promise<boolean> {
  const tail = await source.read(source.size - 4, 4);
  if (tail.length < 4) return false;
  const key = await source.read(source.size - tail.readUInt32BE(0), KEY_BYTES);
  return key.equals(RANDOM_INDEX);
}
