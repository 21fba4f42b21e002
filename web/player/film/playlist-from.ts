import { importM3u } from '../../../core/montage/import-m3u.ts';
import { type Item, type Playlist, playlistOf } from '../../../core/montage/playlist.ts';
import { type PlaylistRead, readPlaylist } from '../../../core/montage/read-playlist.ts';

/** The playlist in the text of an M3U file, or in a JSON value; where it is none, one of the address alone. */
export function playlistFrom(value: unknown, src: string): PlaylistRead {
  if (typeof value === 'string') return importM3u(value, src);
  const read = readPlaylist(value);
  return read
    ? { ...read, playlist: withAddresses(read.playlist, src) }
    : { playlist: playlistOf([{ src }]), skipped: [] };
}

/** Addresses in a playlist are relative to it. */
function withAddresses(playlist: Playlist, base: string): Playlist {
  const whole = (item: Item): Item => ({
    ...item,
    src: URL.canParse(item.src, base) ? new URL(item.src, base).href : item.src,
  });
  return {
    ...playlist,
    montages: playlist.montages.map((montage) => ({
      ...montage,
      tracks: montage.tracks.map((track) => ({ ...track, items: track.items.map(whole) })),
    })),
  };
}
