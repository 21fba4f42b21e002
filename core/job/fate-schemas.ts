import * as z from 'zod/mini';
import { FILE_FIELDS } from '../file-record.ts';

const fate = z.enum(['kept', 'converted', 'dropped']);

/** What became of a stream of the source. */
export const streamFateSchema = z.object({
  index: z.int(),
  type: z.string(),
  codec: z.string(),
  fate,
  why: z.string(),
  /** What the source marks it as: "forced", "hearing impaired", "comment", "original", by ffmpeg's names. */
  marks: z.optional(z.array(z.string())),
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

/** A file that holds a stream of the source beside the renditions. */
export const sidecarSchema = z.object({
  ...FILE_FIELDS,
  stream: z.int(),
  /** What the source marks the stream as, as in `streams`. */
  marks: z.optional(z.array(z.string())),
  /** The language of closed captions, where the source names it, in three letters. */
  language: z.optional(z.string()),
});

/** What became of one thing that the source says of the film, as a tag or a box of its camera. */
export const metadataFateSchema = z.object({
  /** Where it lies in the source: "file", "movie", or "track" and its number. */
  place: z.string(),
  name: z.string(),
  fate,
  why: z.string(),
});
