import * as z from 'zod/mini';

const fate = z.enum(['kept', 'converted', 'dropped']);

/** What became of a stream of the source. */
export const streamFateSchema = z.object({
  index: z.int(),
  type: z.string(),
  codec: z.string(),
  fate,
  why: z.string(),
  /** The sidecar that holds the stream, if the rendition does not. */
  sidecar: z.optional(z.string()),
  /** The path of a subtitle file beside the source. Such a subtitle is not a stream of the source. */
  beside: z.optional(z.string()),
  /** What tesseract read in bitmap subtitles. */
  text: z.optional(
    z.object({
      sidecar: z.string(),
      language: z.string(),
      pictures: z.int(),
      /** Pictures in which tesseract found no word. */
      unread: z.int(),
      words: z.int(),
      /** Words of which tesseract is less than 60 % sure. */
      doubtful: z.int(),
      /** The mean over all words, in percent. */
      confidence: z.number(),
    }),
  ),
});

/** What became of one thing that the source says of the film, as a tag or a box of its camera. */
export const metadataFateSchema = z.object({
  /** Where it lies in the source: "file", "movie", or "track" and its number. */
  place: z.string(),
  name: z.string(),
  fate,
  why: z.string(),
});
