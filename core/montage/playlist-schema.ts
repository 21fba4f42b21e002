import * as z from 'zod/mini';
import type { Playlist } from './playlist.ts';

const name = z.optional(z.string().check(z.maxLength(500)));
const seconds = z.optional(z.number().check(z.gte(0)));

const item = z
  .strictObject({
    src: z.string().check(z.minLength(1), z.maxLength(4000)),
    name,
    rendition: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    in: seconds,
    out: seconds,
    muted: z.optional(z.boolean()),
    loop: z.optional(z.union([z.literal(true), z.int().check(z.gte(1))])),
  })
  .check(z.refine(({ in: from = 0, out }) => out === undefined || out > from, 'out must be later than in'));

const track = z.strictObject({ name, items: z.array(item).check(z.maxLength(10_000)) });

const montage = z.strictObject({ name, tracks: z.array(track).check(z.maxLength(1000)) });

/** What the API takes and stores: it refuses a playlist of which anything is wrong, or unknown. */
export const playlistSchema = z.strictObject({
  name,
  montages: z.array(montage).check(z.maxLength(1000)),
  loop: z.optional(z.boolean()),
});

/** The JSON Schema that is published as docs/playlist.schema.json. That `out` is later than `in` cannot be said in it. */
export const playlistJsonSchema = (): Record<string, unknown> => ({
  title: 'A playlist of Reelmill',
  ...z.toJSONSchema(playlistSchema),
});

/** The playlist, or one sentence that says where it is wrong. */
export function parsePlaylist(value: unknown): { readonly playlist: Playlist } | { readonly wrong: string } {
  const { success, data, error } = playlistSchema.safeParse(value);
  if (success) return { playlist: data };
  const [first] = error.issues;
  return { wrong: `the playlist is wrong at ${first?.path.join('.') || 'its top'}: ${first?.message}` };
}
