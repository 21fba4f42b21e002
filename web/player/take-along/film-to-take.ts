import { isDecodable } from '../engine/choose-rung.ts';
import type { Film, Text } from '../film/film.ts';
import { namedIn } from '../film/named-in.ts';
import { openFilm } from '../film/open-film.ts';
import type { SourceFile } from '../line/remote-file.ts';
import { Trouble, troubleOf } from '../line/trouble.ts';
import type { TextToTake } from './store.ts';

/** What is taken along of a film: the address of one file, and its subtitles. */
export type FilmToTake = {
  readonly name: string;
  readonly src: string;
  readonly texts: readonly TextToTake[];
  /** A sentence for each subtitle that cannot be had. The film is taken along without it. */
  readonly missing: readonly string[];
};

/** No subtitle has this many bytes: the longest films have some hundred thousand. */
const MOST_TEXT_BYTES = 8_000_000;

/**
 * Reads what an address names: an MP4 file, which has no subtitles beside it, or a manifest or HLS playlist, of which the
 * best rendition is taken that this browser decodes. Throws Trouble where it decodes none.
 */
export async function filmToTake(address: string, signal: AbortSignal): Promise<FilmToTake> {
  const film = await openFilm(address, signal);
  const rung = film.rungs.find(isDecodable);
  if (!rung) throw new Trouble('format', 'This browser decodes none of the renditions of this film.');
  const src = rung.playlist === undefined ? rung.url : await namedIn(rung.playlist, signal);
  const texts: TextToTake[] = [];
  const missing: string[] = [];
  for (const text of film.texts) {
    try {
      texts.push({ ...text, file: fileOfBytes(await bytesOf(text, signal)) });
    } catch (error) {
      signal.throwIfAborted();
      missing.push(troubleOf(error).message);
    }
  }
  return { name: nameOf(film, src), src, texts, missing };
}

async function bytesOf({ label, url }: Text, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(url, { signal }).catch((cause: unknown) => {
    throw new Trouble('network', `The subtitles "${label}" do not arrive: the server cannot be reached.`, { cause });
  });
  if (!answer.ok) throw new Trouble('gone', `The server does not give the subtitles "${label}" (${answer.status}).`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length === 0 || bytes.length > MOST_TEXT_BYTES)
    throw new Trouble('format', `The subtitles "${label}" have ${bytes.length} bytes, and are left out.`);
  return bytes;
}

/** Bytes in memory, read as films are. */
const fileOfBytes = (bytes: Uint8Array): SourceFile => ({
  size: () => bytes.length,
  async read({ from, to }, _signal, take) {
    const end = Math.min(to, bytes.length);
    if (end > from) await take(bytes.subarray(from, end));
    return Math.max(from, end);
  },
});

const nameOf = ({ name }: Film, src: string): string =>
  name ?? decodeURIComponent(new URL(src).pathname.split('/').at(-1) ?? src);
