import { boxBytes, boxesOf, newBox, withBox } from './boxes.ts';

/**
 * Returns a movie box whose tracks say their languages as BCP 47 ("pt-BR", "zh-Hant"), by the numbers of the tracks. The
 * media header, which has room for three letters, stays (elng, ISO/IEC 14496-12 8.4.6).
 */
export function withExtendedLanguages(moov: Buffer, languages: ReadonlyMap<number, string>): Buffer {
  const [movie] = boxesOf(moov, 0, moov.length);
  if (movie?.type !== 'moov') throw new Error('not a movie box');
  let track = 0;
  const parts = boxesOf(moov, movie.body, movie.end).map((child) => {
    if (child.type !== 'trak') return boxBytes(moov, child);
    const language = languages.get(track++);
    if (language === undefined) return boxBytes(moov, child);
    return withBox(moov, child, ['mdia', 'mdhd'], (header) => Buffer.concat([boxBytes(moov, header), elng(language)]));
  });
  return newBox('moov', ...parts);
}

const elng = (language: string) => newBox('elng', Buffer.alloc(4), Buffer.from(`${language}\0`, 'latin1'));

/** Whether a language has a region or a script, for which the older fields of MP4 and Matroska have no room. */
export const needsExtendedLanguage = (tag: string | undefined): tag is string => /^[a-z]{2,8}[-_]/i.test(tag ?? '');
