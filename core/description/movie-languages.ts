import { boxBytes, boxesOf, type MemoryBox, movieIn, newBox, withBox } from '../bytes/boxes.ts';
import { iso639, shortest } from './language.ts';

/**
 * Returns a movie box whose tracks say these languages, by the numbers of the tracks. A region or a script ("pt-BR", "zh-Hant")
 * stands in a box behind the media header, which has room for three letters (elng, ISO/IEC 14496-12 8.4.6). A header for which the
 * muxer knew no number, as ffmpeg's for MOV knows those of the Macintosh alone, gets the three letters (QuickTime File Format, language code values).
 */
export function withExtendedLanguages(moov: Buffer, languages: ReadonlyMap<number, string>): Buffer {
  const movie = movieIn(moov);
  let track = 0;
  const parts = boxesOf(moov, movie.body, movie.end).map((child) => {
    if (child.type !== 'trak') return boxBytes(moov, child);
    const language = languages.get(track++);
    if (language === undefined) return boxBytes(moov, child);
    return withBox(moov, child, ['mdia', 'mdhd'], (header) => mediaHeader(moov, header, language));
  });
  return newBox('moov', ...parts);
}

/** QuickTime's number for a language that is not told. */
const UNTOLD = 0x7fff;

function mediaHeader(moov: Buffer, header: MemoryBox, language: string): Buffer {
  const bytes = Buffer.from(boxBytes(moov, header));
  const at = header.body - header.start + (bytes[header.body - header.start] === 1 ? 32 : 20);
  const isUntold = bytes.readUInt16BE(at) === UNTOLD;
  if (isUntold) bytes.writeUInt16BE(packed(iso639(language) ?? 'und'), at);
  return isUntold || needsExtendedLanguage(language) ? Buffer.concat([bytes, elng(shortest(language))]) : bytes;
}

/** Three letters of 5 bits each, from 1 for "a" (ISO/IEC 14496-12 8.4.2.3). */
const packed = (code: string): number => [...code].reduce((sum, letter) => sum * 32 + letter.charCodeAt(0) - 0x60, 0);

const elng = (language: string) => newBox('elng', Buffer.alloc(4), Buffer.from(`${language}\0`, 'latin1'));

/** Whether a language has a region or a script, for which the older fields of MP4 and Matroska have no room. */
export const needsExtendedLanguage = (tag: string | undefined): tag is string => /^[a-z]{2,8}[-_]/i.test(tag ?? '');
