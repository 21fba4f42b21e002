import * as z from 'zod/mini';
import { usageSchema } from './job.ts';
import { fromVersion1 } from './manifest-version-1.ts';

const fate = z.enum(['kept', 'converted', 'dropped']);

const sourceStream = z.object({
  index: z.int(),
  type: z.string(),
  codec: z.string(),
  language: z.optional(z.string()),
  width: z.optional(z.int()),
  height: z.optional(z.int()),
  pixelFormat: z.optional(z.string()),
  frameRate: z.optional(z.string()),
  channels: z.optional(z.int()),
  sampleRate: z.optional(z.int()),
});

const streamFate = z.object({
  index: z.int(),
  type: z.string(),
  codec: z.string(),
  fate,
  why: z.string(),
  /** The sidecar that holds it, if it is not in the rendition itself. */
  sidecar: z.optional(z.string()),
  /** Of a subtitle that lay beside the source and is no stream of it: its path there. */
  beside: z.optional(z.string()),
  /** Of bitmap subtitles: what tesseract read in them. */
  text: z.optional(
    z.object({
      sidecar: z.string(),
      language: z.string(),
      pictures: z.int(),
      /** Pictures in which it found no word. */
      unread: z.int(),
      words: z.int(),
      /** Words it is less than 60 % sure of. */
      doubtful: z.int(),
      /** Of all words, in percent. */
      confidence: z.number(),
    }),
  ),
});

const check = z.object({ name: z.string(), passed: z.boolean(), detail: z.string() });

const quality = z.object({
  metric: z.enum(['vmaf', 'xpsnr', 'ssim', 'lossless', 'identical', 'unmeasured']),
  mean: z.number(),
  min: z.number(),
  /** How many frames were measured, of how many. */
  sampledFrames: z.int(),
  target: z.optional(z.number()),
  /** What the search expected of the whole file before it was encoded. */
  projected: z.optional(z.number()),
});

/** The network that enlarged a picture. */
const model = z.object({ id: z.string(), version: z.string(), sha256: z.string(), device: z.string() });

const rendition = z.object({
  name: z.string(),
  /** Relative to the manifest. */
  path: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** The rendition it was made from, or "source". */
  parent: z.string(),
  codec: z.string(),
  /** RFC 6381, as a `codecs` parameter. */
  codecString: z.string(),
  width: z.int(),
  height: z.int(),
  frames: z.int(),
  durationSeconds: z.number(),
  /** Length of one tick of the container's video track: a frame's time is exact to half of it. */
  tickSeconds: z.number(),
  command: z.array(z.string()),
  tool: z.string(),
  segments: z.object({
    total: z.int(),
    encoded: z.int(),
    reused: z.int(),
    /** Frames at which they begin: whatever is made from this file is cut there too. */
    starts: z.optional(z.array(z.int())),
  }),
  quality,
  checks: z.array(check),
  /** Of the file it was made from, as that was then. */
  parentSha256: z.optional(z.string()),
  /** Somebody replaced the file by hand, and it was taken over. */
  edited: z.optional(z.boolean()),
  /** Its sound's codecs parameter, where it has one. */
  audioCodecString: z.optional(z.string()),
  /** The language and the channels of its sound, where they are known. */
  soundLanguage: z.optional(z.string()),
  soundChannels: z.optional(z.int()),
  /** What its picture's levels mean, where it streams. */
  videoRange: z.optional(z.enum(['SDR', 'PQ', 'HLG'])),
  model: z.optional(model),
});

const sidecar = z.object({ path: z.string(), bytes: z.int(), sha256: z.string(), stream: z.int() });

const thumbnails = z.object({
  /** The rendition they show. */
  parent: z.string(),
  parentSha256: z.string(),
  /** The moment of the poster. */
  posterSeconds: z.number(),
  sprite: z.object({
    columns: z.int(),
    rows: z.int(),
    tileWidth: z.int(),
    tileHeight: z.int(),
    everySeconds: z.number(),
  }),
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.int(),
      sha256: z.string(),
      kind: z.enum(['poster', 'sprite', 'cues']),
      width: z.optional(z.int()),
      height: z.optional(z.int()),
    }),
  ),
});

/** Planned and not made, because it was wanted too little. */
const deferred = z.object({ name: z.string(), parent: z.string(), priority: z.number() });

const playlist = z.object({
  path: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  kind: z.enum(['hls', 'dash', 'init']),
});

/** The record published last, beside the renditions: it is there only if everything it names is there and was checked. */
const manifest = z.object({
  version: z.literal(2),
  job: z.string(),
  recipe: z.string(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Hash of the recipe as resolved and of the tools: with the source's hash, what decides whether anything changed. */
  recipeKey: z.string(),
  status: z.literal('done'),
  source: z.object({
    path: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    durationSeconds: z.number(),
    streams: z.array(sourceStream),
    /** The subtitles that lay beside it and were taken along. */
    beside: z.optional(z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() }))),
  }),
  renditions: z.array(rendition),
  deferred: z.optional(z.array(deferred)),
  sidecars: z.array(sidecar),
  thumbnails: z.optional(thumbnails),
  playlists: z.optional(z.array(playlist)),
  /** Of two models: the page, and its figures. */
  comparison: z.optional(z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() }))),
  streams: z.array(streamFate),
  warnings: z.array(z.string()),
  /** Where all of this was taken over from: of a source that was moved, or of a duplicate. */
  taken: z.optional(z.object({ how: z.enum(['moved', 'copied']), from: z.string(), job: z.string() })),
  cost: z.object({
    estimatedUsd: z.number(),
    vcpuHours: z.number(),
    basis: z.string(),
  }),
  /** Of the container that did it, or joined it: its queue, image pull and start, and what it had and took. */
  machine: z.optional(usageSchema),
  /** Seconds of wall clock by step. */
  timings: z.object({
    total: z.number(),
    hash: z.number(),
    probe: z.number(),
    index: z.number(),
    encode: z.number(),
    join: z.number(),
    verify: z.number(),
    publish: z.number(),
  }),
  madeAt: z.string(),
});

/** Reads manifests of version 1 as well. */
export const manifestSchema = z.pipe(z.transform(fromVersion1), manifest);

export type FileRecord = { readonly path: string; readonly bytes: number; readonly sha256: string };

/** Every file a manifest answers for, itself and the report left out. */
export const filesOf = ({
  renditions,
  sidecars,
  thumbnails,
  playlists,
  comparison,
}: Manifest): readonly FileRecord[] => [
  ...renditions,
  ...sidecars,
  ...(thumbnails?.files ?? []),
  ...(playlists ?? []),
  ...(comparison ?? []),
];

export type Manifest = z.infer<typeof manifestSchema>;
export type RenditionRecord = Manifest['renditions'][number];
export type StreamFate = Manifest['streams'][number];
export type Check = z.infer<typeof check>;
export type Quality = z.infer<typeof quality>;
export type Thumbnails = z.infer<typeof thumbnails>;
export type Playlist = z.infer<typeof playlist>;
