import { inflateSync } from 'node:zlib';
import { type ByteRange, mergedRanges } from '../../core/bytes/byte-ranges.ts';
import type { Animation } from '../../core/film/animation.ts';
import type { Rational } from '../../core/units.ts';
import type { ByteSource } from '../structure/byte-source.ts';
import { truncated } from '../structure/refusals.ts';
import { animationNotes } from './animation-notes.ts';

const SIGNATURE_BYTES = 8;
const AROUND_BYTES = 12; // a chunk's length, name and checksum

/** The chunks of which the pictures are made. ffmpeg's demuxer stops at others between them, where exiftool writes EXIF. */
const OF_PICTURES = /^(IHDR|PLTE|tRNS|acTL|fcTL|IDAT|fdAT|IEND)$/;

/** Reads an APNG, whose delays are fractions of a second; a denominator of 0 means hundredths. */
export async function apngAnimation(source: ByteSource): Promise<Animation> {
  const header = await source.read(SIGNATURE_BYTES, 16);
  if (header.length < 16) throw truncated(source, 'it ends within its header');
  const delays: Rational[] = [];
  const notes = animationNotes();
  const pictures: ByteRange[] = [{ start: 0, end: SIGNATURE_BYTES }];
  let announced = 0;
  let at = SIGNATURE_BYTES;
  for (let name = ''; name !== 'IEND'; ) {
    const head = await source.read(at, 8);
    const end = head.length < 8 ? Number.POSITIVE_INFINITY : at + AROUND_BYTES + head.readUInt32BE(0);
    if (end > source.size) {
      if (announced > 0) throw truncated(source, `it ends within its picture ${delays.length}`);
      break; // the file is a still picture, which is refused elsewhere
    }
    name = head.toString('latin1', 4, 8);
    if (name === 'acTL') announced = (await source.read(at + 8, 4)).readUInt32BE(0);
    if (name === 'fcTL' && end - at === AROUND_BYTES + 26) delays.push(delayOf(await source.read(at + 28, 4)));
    if (OF_PICTURES.test(name)) pictures.push({ start: at, end });
    else await takeNote(name, { source, start: at + 8, end: end - 4 }, notes);
    at = end;
  }
  if (announced > delays.length) throw truncated(source, `it has ${delays.length} of ${announced} pictures`);
  const shown = announced === 0 ? [] : delays;
  return {
    ...{ kind: 'apng', width: header.readUInt32BE(8), height: header.readUInt32BE(12), delays: shown },
    ...{ notes: notes.found(), pictures: mergedRanges(pictures, source.size, 0) },
  };
}

const delayOf = (bytes: Buffer): Rational => ({ num: bytes.readUInt16BE(0), den: bytes.readUInt16BE(2) || 100 });

/** How a still picture is best shown (PNG 11.3.2, 11.3.4), which browsers pass over. */
const HOW_SHOWN = /^(cHRM|gAMA|sBIT|sRGB|cICP|mDC[Vv]|cLL[Ii]|bKGD|hIST|pHYs|sPLT)$/;

/** Keywords of texts (PNG 11.3.3.1) by the names that ffmpeg has for them. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ Title: 'title', Author: 'artist', Description: 'description', Copyright: 'copyright', Comment: 'comment' },
};

type ChunkData = ByteRange & { readonly source: ByteSource };

async function takeNote(
  chunk: string,
  { source, start, end }: ChunkData,
  notes: ReturnType<typeof animationNotes>,
): Promise<void> {
  const bytes = end - start;
  const note = { bytes, read: () => source.read(start, bytes) };
  if (chunk === 'eXIf') return notes.exif(note);
  if (chunk === 'iCCP') return notes.other('an ICC profile');
  if (HOW_SHOWN.test(chunk)) return;
  if (!/^(tEXt|zTXt|iTXt)$/.test(chunk)) return notes.other('the chunk', chunk);
  const keyword = (await source.read(start, 80)).toString('latin1').replace(/\0.*$/s, '');
  const text = { bytes, read: async () => textIn(chunk, await note.read(), keyword.length + 1) };
  if (keyword === 'XML:com.adobe.xmp') return notes.xmp(text);
  const name = NAMES[keyword];
  if (name !== undefined) return notes.text(name, text);
  notes.other('the text', keyword);
}

/** The text of a chunk tEXt, zTXt or iTXt (PNG 11.3.3.2 to 4), in its own encoding; undefined where it does not unpack, or is larger than any. */
function textIn(chunk: string, bytes: Buffer, from: number): Buffer | undefined {
  if (chunk === 'tEXt') return bytes.subarray(from);
  if (chunk === 'zTXt') return unpacked(bytes.subarray(from + 1));
  const language = bytes.indexOf(0, from + 2) + 1;
  const text = bytes.subarray(bytes.indexOf(0, language) + 1);
  return bytes[from] === 1 ? unpacked(text) : text;
}

function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: 1 << 20 });
  } catch {
    return undefined;
  }
}
