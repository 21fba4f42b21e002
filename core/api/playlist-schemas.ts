import * as z from 'zod/mini';

export const playlistParams = z.object({ playlist: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/)) });

/** What is read of a playlist here. The rest is kept as it came. */
export const playlistSchema = z.looseObject({ name: z.string().check(z.minLength(1), z.maxLength(200)) });

/** A playlist with its id, and whether the caller may change it. */
export const playlistShown = z.object({ id: z.string(), mayChange: z.boolean(), playlist: playlistSchema });
export const playlistsSchema = z.object({
  playlists: z.array(z.object({ id: z.string(), name: z.string(), mayChange: z.boolean() })),
});
