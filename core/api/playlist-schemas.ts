import * as z from 'zod/mini';
import { playlistSchema } from '../montage/playlist-schema.ts';

export const playlistParams = z.object({
  playlist: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of at most 64 small letters, digits and hyphens')),
});

/** A playlist with its id, and whether the caller may change it. */
export const playlistShown = z.object({ id: z.string(), mayChange: z.boolean(), playlist: playlistSchema });
/** A playlist without a name goes by its id. */
export const playlistsSchema = z.object({
  playlists: z.array(z.object({ id: z.string(), name: z.string(), mayChange: z.boolean() })),
});
