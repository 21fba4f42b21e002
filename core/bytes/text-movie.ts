import { newBox } from './boxes.ts';

/** A text of a track of an MP4, as it lies there: when it is shown, in seconds. */
export type TrackText = { readonly from: number; readonly to: number; readonly bytes: Buffer };

/** Ticks a second: 32 bits of them are five days, and a text has to be at its thousandth of a second. */
export const TEXT_TICKS = 10_000;
const MOST_TICKS = 0xffff_ffff;
/** A text without a letter, which ends the one before. */
const EMPTY = Buffer.alloc(2);

/**
 * Returns an MP4 of one track with these texts, in the order in which they are shown, and with `stsd` as the description of their letters. It has
 * neither an edit list nor fragments, and begins at 0: what ffmpeg reads of it has the times that are stated. Undefined where
 * two texts are further apart than MP4 can say.
 */
export function textMovie(stsd: Buffer, texts: readonly TrackText[]): Buffer | undefined {
  const samples: { readonly lasts: number; readonly bytes: Buffer }[] = [];
  let at = 0;
  for (const { from, to, bytes } of texts) {
    const begin = Math.max(at, Math.round(from * TEXT_TICKS));
    const end = Math.max(begin + 1, Math.round(to * TEXT_TICKS)); // the shortest text lasts a tick
    if (begin > at) samples.push({ lasts: begin - at, bytes: EMPTY });
    samples.push({ lasts: end - begin, bytes });
    at = end;
  }
  samples.push({ lasts: 1, bytes: EMPTY }); // ffmpeg does not read how long the last one lasts
  if (at + 1 > MOST_TICKS) return undefined;
  const kind = newBox('ftyp', Buffer.from('isom', 'latin1'), words([0x200]), Buffer.from('isommp42', 'latin1'));
  const data = newBox('mdat', Buffer.concat(samples.map(({ bytes }) => bytes)));
  const media = newBox('mdia', mediaHeader(at + 1), HANDLER, newBox('minf', newBox('nmhd', words([0])), SELF, table()));
  return Buffer.concat([kind, data, newBox('moov', movieHeader(at + 1), newBox('trak', trackHeader(at + 1), media))]);

  function table(): Buffer {
    const count = samples.length;
    return newBox(
      'stbl',
      stsd,
      newBox('stts', words([0, count, ...samples.flatMap(({ lasts }) => [1, lasts])])),
      newBox('stsc', words([0, 1, 1, count, 1])),
      newBox('stsz', words([0, 0, count, ...samples.map(({ bytes }) => bytes.length)])),
      newBox('stco', words([0, 1, kind.length + HEADER_BYTES])),
    );
  }
}

const HEADER_BYTES = 8;

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

const MATRIX = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000] as const;
const FULL_RATE = 0x1_0000;
const ENABLED = 3;
const UNDETERMINED = 0x55c4_0000;
const HANDLER = newBox('hdlr', words([0, 0]), Buffer.from('sbtl', 'latin1'), words([0, 0, 0]), Buffer.alloc(1));
const SELF = newBox('dinf', newBox('dref', words([0, 1]), newBox('url ', words([1]))));

const movieHeader = (lasts: number) =>
  newBox('mvhd', words([0, 0, 0, TEXT_TICKS, lasts, FULL_RATE, 0, 0, 0, ...MATRIX, 0, 0, 0, 0, 0, 0, 2]));
const trackHeader = (lasts: number) => newBox('tkhd', words([ENABLED, 0, 0, 1, 0, lasts, 0, 0, 0, 0, ...MATRIX, 0, 0]));
const mediaHeader = (lasts: number) => newBox('mdhd', words([0, 0, 0, TEXT_TICKS, lasts, UNDETERMINED]));
