import { isRecord } from '../json.ts';
import { type Item, type Montage, type Playlist, placeWords, type Track } from './playlist.ts';

/** A playlist as far as it can be played, and a sentence for each thing in it that cannot. */
export type PlaylistRead = { readonly playlist: Playlist; readonly skipped: readonly string[] };

/**
 * Reads a playlist for a player: an item that is wrong is left out and told, so that the others are played; fields that are not
 * known are ignored. The API, which stores playlists, is strict (playlist-schema.ts). Undefined where it is no playlist at all.
 */
export function readPlaylist(value: unknown): PlaylistRead | undefined {
  if (!isRecord(value) || !Array.isArray(value.montages)) return undefined;
  const skipped: string[] = [];
  const tell = (sentence: string) => {
    skipped.push(sentence);
  };
  const montages = value.montages.map((each: unknown, m): Montage => {
    const tracks = listOf(each, 'tracks', () => tell(`montage ${m + 1} has no list of tracks`));
    return {
      name: textOf(each, 'name'),
      tracks: tracks.map((track, t): Track => {
        const items = listOf(track, 'items', () =>
          tell(`${placeWords({ montage: m, track: t })} has no list of items`),
        );
        return {
          name: textOf(track, 'name'),
          items: items.flatMap((item, i) => itemOf(item, placeWords({ montage: m, track: t, item: i }), tell)),
        };
      }),
    };
  });
  return { playlist: { name: textOf(value, 'name'), montages, loop: value.loop !== false }, skipped };
}

function itemOf(value: unknown, at: string, tell: (sentence: string) => void): readonly Item[] {
  const src = textOf(value, 'src');
  if (!isRecord(value) || src === undefined || src === '') {
    tell(`${at} names no film: src must be an address`);
    return [];
  }
  const { in: from, out, muted, loop } = value;
  if (!isTime(from) || !isTime(out) || (out !== undefined && out <= (from ?? 0))) {
    tell(`${at} (${src}) has no part to play: in is ${String(from)} and out is ${String(out)}`);
    return [];
  }
  const times = loop === true || (typeof loop === 'number' && Number.isInteger(loop) && loop >= 1) ? loop : undefined;
  if (loop !== undefined && loop !== false && times === undefined)
    tell(`${at} (${src}) is played once: loop must be true or a whole number from 1, not ${String(loop)}`);
  const rest = { name: textOf(value, 'name'), rendition: textOf(value, 'rendition') };
  return [{ src, ...rest, in: from, out, muted: muted === true ? true : undefined, loop: times }];
}

const isTime = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0);

function textOf(value: unknown, field: string): string | undefined {
  const found = isRecord(value) ? value[field] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function listOf(value: unknown, field: string, otherwise: () => void): readonly unknown[] {
  const found = isRecord(value) ? value[field] : undefined;
  if (Array.isArray(found)) return found;
  otherwise();
  return [];
}
