import type { Caller } from '../../core/api/caller.ts';
import type { AnswerOf, BodyRead } from '../../core/api/routes.ts';
import { storedPlaylist } from '../../core/api/stored-playlist.ts';
import { ServiceError } from '../../core/errors.ts';
import { importM3u } from '../../core/montage/import-m3u.ts';
import { parsePlaylist, playlistSchema } from '../../core/montage/playlist-schema.ts';
import type { ApiPorts } from './api-ports.ts';
import { readDocument, writeDocument } from './documents.ts';

type PlaylistPorts = Pick<ApiPorts, 'house'>;

const PREFIX = 'playlists/';
const keyOf = (id: string) => `${PREFIX}${id}.json`;

/** Returns the names of all playlists, and which of them the caller may change. */
export async function listPlaylists(caller: Caller, { house }: PlaylistPorts): Promise<AnswerOf<'playlists'>> {
  const playlists = [];
  for await (const { key } of house.list(PREFIX)) {
    const stored = await readDocument(key, storedPlaylist, house);
    const id = key.slice(PREFIX.length, -'.json'.length);
    if (stored) playlists.push({ id, name: stored.playlist.name ?? id, mayChange: mayChange(caller, stored) });
  }
  return { playlists };
}

/** Returns a playlist. Throws `no-input` where there is none of this id. */
export async function showPlaylist(id: string, caller: Caller, ports: PlaylistPorts): Promise<AnswerOf<'playlist'>> {
  const stored = await readDocument(keyOf(id), storedPlaylist, ports.house);
  if (!stored) throw new ServiceError('no-input', `there is no playlist "${id}"`);
  return { id, mayChange: mayChange(caller, stored), playlist: stored.playlist };
}

/** Makes a playlist, or replaces it, which keeps its owner. */
export async function putPlaylist(
  id: string,
  playlist: BodyRead<'putPlaylist'>,
  caller: Caller,
  { house }: PlaylistPorts,
): Promise<AnswerOf<'putPlaylist'>> {
  const before = await readDocument(keyOf(id), storedPlaylist, house);
  if (before) refuseOthers(id, caller, before);
  await writeDocument(keyOf(id), { owner: before?.owner ?? caller.id, playlist }, house);
  return { id, mayChange: true, playlist };
}

/** Makes a playlist of an M3U or HLS playlist. Throws `bad-input` where it names nothing that can be played. */
export async function importPlaylist(
  id: string,
  { m3u, address }: BodyRead<'importPlaylist'>,
  caller: Caller,
  ports: PlaylistPorts,
): Promise<AnswerOf<'importPlaylist'>> {
  const { playlist, skipped } = importM3u(m3u, address);
  if (!playlist.montages.some(({ tracks }) => tracks.some(({ items }) => items.length > 0)))
    throw new ServiceError(
      'bad-input',
      `the playlist names no film${skipped[0] === undefined ? '' : ` (${skipped[0]})`}; give one with addresses of films`,
    );
  const read = parsePlaylist(playlist);
  if ('wrong' in read) throw new ServiceError('bad-input', `the playlist cannot be kept: ${read.wrong}`);
  return { ...(await putPlaylist(id, playlistSchema.parse(read.playlist), caller, ports)), skipped: [...skipped] };
}

/** Removes a playlist. Throws `no-input` where there is none of this id, and `not-allowed` for somebody else's. */
export async function removePlaylist(id: string, caller: Caller, { house }: PlaylistPorts): Promise<void> {
  const stored = await readDocument(keyOf(id), storedPlaylist, house);
  if (!stored) throw new ServiceError('no-input', `there is no playlist "${id}"`);
  refuseOthers(id, caller, stored);
  await house.remove(keyOf(id));
}

const mayChange = ({ id, role }: Caller, { owner }: { readonly owner: string }) => role === 'operator' || id === owner;

function refuseOthers(id: string, caller: Caller, stored: { readonly owner: string }): void {
  if (mayChange(caller, stored)) return;
  throw new ServiceError('not-allowed', `the playlist "${id}" is somebody else's; save it under another name`);
}
