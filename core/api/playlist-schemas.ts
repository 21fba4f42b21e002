import * as z from 'zod/mini';
import { playlistSchema } from '../montage/playlist-schema.ts';

export const playlistParams = z.object({
  playlist: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of at most 64 small letters, digits and hyphens')),
});

/** A playlist with its id, and whether the caller may change it. */
export const playlistShown = z.object({ id: z.string(), mayChange: z.boolean(), playlist: playlistSchema });
/** An M3U or HLS playlist, and where it lies: addresses in it may be relative to that. */
export const playlistToImport = z.object({
  m3u: z.string().check(z.minLength(1), z.maxLength(1_000_000)),
  address: z.url({
    protocol: /^https?$/,
    error: 'the address of the playlist on the web, as https://example.org/all.m3u8',
  }),
});
/** What became of it, and a sentence for each thing in it that cannot be played. */
export const playlistImported = z.object({ ...playlistShown.shape, skipped: z.array(z.string()) });
/** A playlist without a name goes by its id. */
export const playlistsSchema = z.object({
  playlists: z.array(z.object({ id: z.string(), name: z.string(), mayChange: z.boolean() })),
});
