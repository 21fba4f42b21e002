import { choice, oneOrMore } from './setting-readers.ts';

/** The codecs of films that recipes know by the names that people know. */
const FILM_CODECS = ['hevc', 'h264', 'av1'] as const;
export type FilmCodec = (typeof FILM_CODECS)[number];

/**
 * What a recipe's setting `codec` takes: HEVC or AV1 where undefined, one or several textures, or a codec for each rung that is
 * named.
 */
export type CodecChoice = { readonly textures: readonly string[] } | { readonly rungs: readonly string[] };

/** Returns what `codec` does, which values it takes, and how they are read, for a recipe of these codecs. */
export function codecSetting(codecs?: CodecChoice) {
  if (codecs === undefined) return choice('the codec of the film', ['hevc', 'av1']);
  if ('textures' in codecs) return oneOrMore('the texture format', codecs.textures);
  const names = codecs.rungs;
  return {
    summary: 'the codec of all rungs, or of some; web: AV1 above 1080p, where HEVC would be, and H.264 below',
    range: `${FILM_CODECS.join('|')}|web, or by rung as ${names[0]}:av1,${names.at(-1)}:h264`,
    parse: (text: string): string | undefined =>
      text === 'web' || isFilmCodec(text) || byRung(text, names) ? text : undefined,
  };
}

/** The codec that the setting asks for of a rung whose usual one is `usual`; undefined where it says nothing of it. */
export function codecOfRung(text: string, rung: string, usual: FilmCodec): FilmCodec | undefined {
  if (text === 'web') return usual === 'hevc' ? 'av1' : undefined;
  return isFilmCodec(text) ? text : byRung(text, [rung], true)?.get(rung);
}

const isFilmCodec = (text: string | undefined): text is FilmCodec => FILM_CODECS.some((codec) => codec === text);

/** Reads "4k:av1,hd:h264"; undefined for anything else, for other rungs unless they are to be skipped, and for one named twice. */
function byRung(
  text: string,
  rungs: readonly string[],
  skipsOthers = false,
): ReadonlyMap<string, FilmCodec> | undefined {
  const found = new Map<string, FilmCodec>();
  for (const each of text.split(',')) {
    const [rung = '', codec, ...rest] = each.split(':');
    if (!isFilmCodec(codec) || rest.length > 0 || found.has(rung)) return undefined;
    if (rungs.includes(rung)) found.set(rung, codec);
    else if (!skipsOthers) return undefined;
  }
  return found;
}
