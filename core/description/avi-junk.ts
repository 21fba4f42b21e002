import { type ExifTexts, exifTexts } from './exif-directory.ts';
import { readId3 } from './id3.ts';
import { namesProgram, OLD_PROGRAM } from './old-programs.ts';

/** Where a camera of Olympus or Pentax writes its maker, its model and when it began, each in so many bytes. */
const [MAKE, MODEL, DATE, TEXT_BYTES] = [0x12, 0x2c, 0x83, 24];
/** Where Casio's Exif begins, and how far behind its name Pentax's model stands. */
const [CASIO, PENTAX, PENTAX_BYTES] = [10, 0x0c, 32];

/** How the data of a stream (`strd`) begin that are Exif, of which the directory follows and counts its positions from itself. */
const [EXIF_OF_STREAM, EXIF_AT] = ['AVIF', 8];

/** Reads the Exif that some cameras write as the data of a stream. */
export const exifOfStream = (data: Buffer): ExifTexts | undefined =>
  data.toString('latin1', 0, 4) === EXIF_OF_STREAM ? exifTexts(data.subarray(EXIF_AT), 0, true) : undefined;

/**
 * Reads what cameras write into a chunk of AVI that means nothing by the rules (`JUNK`); undefined where no camera is known to have
 * written it. (It is not public; as read by ExifTool's RIFF, Olympus, Pentax and Casio modules.)
 */
export function cameraJunk(junk: Buffer): ExifTexts | undefined {
  const begins = junk.toString('latin1', 0, 18);
  const text = (at: number, length = TEXT_BYTES) =>
    junk
      .toString('latin1', at, at + length)
      .replace(/\0.*$/s, '')
      .trim();
  if (/^(OLYM|PENT)Digital Camera/.test(begins)) return { make: text(MAKE), model: text(MODEL), date: text(DATE) };
  if (begins.startsWith('QVMI')) return exifTexts(junk, CASIO, false);
  return begins.startsWith('IIII\u0001\0') ? { model: text(PENTAX, PENTAX_BYTES) } : undefined;
}

const AVI_ALONE = 'AVI alone has a place for it; keep the source';
const CAMERA = `it is what a camera says, of which its name and the date are kept as tags; for the rest ${AVI_ALONE.replace(' for it', '')}`;

/** Why a chunk of AVI is not in the rendition; undefined for `JUNK` that is nothing but space. `bytes` is its beginning. */
export function againstChunk(id: string, bytes: Buffer): string | undefined {
  if (/^id3 $/i.test(id)) return againstId3(bytes);
  if (id !== 'JUNK') return id === 'strd' && exifOfStream(bytes) ? CAMERA : AVI_ALONE;
  if (bytes.every((byte) => byte === bytes[0]) || RESERVED.test(bytes.toString('hex', 0, RESERVED_BYTES)))
    return undefined;
  if (namesProgram(bytes.toString('latin1', 0, PROGRAM_BYTES))) return OLD_PROGRAM;
  return cameraJunk(bytes) ? CAMERA : `nobody knows what it says, and ${AVI_ALONE}`;
}

function againstId3(bytes: Buffer): string | undefined {
  const { tags, left } = readId3(bytes);
  if (Object.keys(tags).length === 0) return AVI_ALONE;
  return left.length === 0
    ? undefined
    : `its texts are tags; for the rest (${left.join(', ')}) ${AVI_ALONE.replace(' for it', '')}`;
}

const PROGRAM_BYTES = 200;

/** In hexadecimal, space for an index of OpenDML and for its header, which writers such as ffmpeg reserve and do not need for a short film. */
const RESERVED = /^(6f646d6c646d6c68|0400(0[01]){2}0{8}(3\d){2}([67][\da-f]){2}00)/;
const RESERVED_BYTES = 13;
