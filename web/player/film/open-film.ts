import { jsonOf } from '../../../core/json.ts';
import { playlistOf } from '../../../core/montage/playlist.ts';
import type { PlaylistRead } from '../../../core/montage/read-playlist.ts';
import { Trouble } from '../line/trouble.ts';
import { besideManifest } from './beside.ts';
import { type Film, filmOfFile } from './film.ts';
import { filmOfManifest } from './read-manifest.ts';

/** The film that an address names: a manifest, an HLS playlist, or else one file. */
export async function openFilm(src: string, signal: AbortSignal): Promise<Film> {
  const kind = kindOf(src);
  if (kind === 'file') return filmOfFile(src);
  const text = await textAt(src, signal);
  const film =
    kind === 'm3u8'
      ? (await import('../later.ts')).filmOfMaster(text, src)
      : filmOfManifest(jsonOf(text), besideManifest(src));
  if (!film) throw new Trouble('format', `"${nameOf(src)}" names no film.`);
  return film;
}

/** The playlist that an address names: one of ours, an M3U, or else one of this film alone. */
export async function openPlaylist(src: string, signal: AbortSignal): Promise<PlaylistRead> {
  const kind = kindOf(src);
  const text = kind === 'file' ? '' : await textAt(src, signal);
  const isList = kind === 'm3u8' ? !text.includes('#EXT-X-') : text.includes('"montages"');
  if (!isList) return { playlist: playlistOf([{ src }]), skipped: [] };
  const { playlistFrom } = await import('../later.ts');
  return playlistFrom(kind === 'm3u8' ? text : jsonOf(text), src);
}

function kindOf(src: string): 'm3u8' | 'json' | 'file' {
  const { pathname } = new URL(src);
  return /\.m3u8?$/i.test(pathname) ? 'm3u8' : /\.json$/i.test(pathname) ? 'json' : 'file';
}

const nameOf = (src: string) => decodeURIComponent(new URL(src).pathname.split('/').at(-1) ?? src);

/** The last texts: a playlist of one film is asked for what it is, and then for its film. */
const texts = new Map<string, Promise<string>>();
const KEPT_TEXTS = 4;

function textAt(src: string, signal: AbortSignal): Promise<string> {
  const known = texts.get(src);
  texts.delete(src);
  const text = known ?? fetchText(src, signal);
  if (!known) texts.set(src, text);
  text.catch(() => texts.delete(src));
  for (const old of [...texts.keys()].slice(0, -KEPT_TEXTS)) texts.delete(old);
  return text;
}

async function fetchText(src: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(src, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Trouble('network', `"${nameOf(src)}" does not arrive: the server cannot be reached.`, { cause });
  });
  if (answer.ok) return answer.text();
  const kind = answer.status === 404 || answer.status === 410 ? 'gone' : answer.status >= 500 ? 'network' : 'refused';
  throw new Trouble(kind, `The server does not give "${nameOf(src)}" (${answer.status}).`);
}
