import * as z from 'zod/mini';
import { playlistSchema } from '../montage/playlist-schema.ts';

/** A playlist as it is kept, with the id of the person who made it. */
export const storedPlaylist = z.object({ owner: z.string(), playlist: playlistSchema });
