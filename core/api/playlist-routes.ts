import * as z from 'zod/mini';
import { playlistSchema } from '../montage/playlist-schema.ts';
import {
  playlistImported,
  playlistParams,
  playlistShown,
  playlistsSchema,
  playlistToImport,
} from './playlist-schemas.ts';
import type { ApiRoute } from './route.ts';

export const PLAYLIST_ROUTES = {
  playlists: {
    method: 'GET',
    path: '/api/playlists',
    audience: 'person',
    summary: 'All playlists',
    answer: playlistsSchema,
  },
  playlist: {
    method: 'GET',
    path: '/api/playlists/{playlist}',
    audience: 'person',
    summary: 'One playlist',
    params: playlistParams,
    answer: playlistShown,
  },
  putPlaylist: {
    method: 'PUT',
    path: '/api/playlists/{playlist}',
    audience: 'owner',
    summary: 'Make or replace a playlist',
    params: playlistParams,
    body: playlistSchema,
    answer: playlistShown,
  },
  importPlaylist: {
    method: 'POST',
    path: '/api/playlists/{playlist}/import',
    audience: 'owner',
    summary: 'Make or replace a playlist from an M3U or HLS playlist',
    params: playlistParams,
    body: playlistToImport,
    answer: playlistImported,
  },
  removePlaylist: {
    method: 'DELETE',
    path: '/api/playlists/{playlist}',
    audience: 'owner',
    summary: 'Remove a playlist',
    params: playlistParams,
    answer: z.object({}),
    status: 204,
  },
} as const satisfies Readonly<Record<string, ApiRoute>>;
