import * as z from 'zod/mini';
import { interlacedPartSchema } from '../fields/film-fields-schema.ts';
import { FILE_FIELDS, type FileRecord } from '../file-record.ts';
import { jsonOf } from '../json.ts';
import { metadataFateSchema, sidecarSchema, streamFateSchema } from './fate-schemas.ts';
import { usageSchema } from './job.ts';
import { fromVersion1 } from './manifest-version-1.ts';
import { soundRecordSchema } from './sound-record.ts';
import { textRecordSchema } from './text-record.ts';

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

const check = z.object({ name: z.string(), passed: z.boolean(), detail: z.string() });

const quality = z.object({
  metric: z.enum(['vmaf', 'xpsnr', 'ssim', 'lossless', 'identical', 'unmeasured']),
  mean: z.number(),
  min: z.number(),
  /** How many frames were measured. */
  sampledFrames: z.int(),
  /** With 95 % confidence the mean of all frames is within this distance of `mean`; absent where too few were measured. */
  error: z.optional(z.number()),
  target: z.optional(z.number()),
  /** What the search expected of the whole file before it was encoded. */
  projected: z.optional(z.number()),
});

/** The network that enlarged a picture. */
const model = z.object({ id: z.string(), version: z.string(), sha256: z.string(), device: z.string() });

/** What became of the fields of an interlaced source. */
const fields = z.object({
  /** How many pictures each frame of the source became; 0 where its fields stayed as they are. */
  pictures: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** Which frames of the source, `[start, end)`, were found interlaced, which field of them is the earlier one, and whether they are telecine. */
  parts: z.array(interlacedPartSchema),
});

const rendition = z.object({
  name: z.string(),
  ...FILE_FIELDS,
  /** The rendition it was made from, or "source". */
  parent: z.string(),
  codec: z.string(),
  /** The `codecs` parameter of RFC 6381. */
  codecString: z.string(),
  width: z.int(),
  height: z.int(),
  frames: z.int(),
  durationSeconds: z.number(),
  /** The length of a tick of the container's video track. A frame's time is exact to half a tick. */
  tickSeconds: z.number(),
  command: z.array(z.string()),
  tool: z.string(),
  segments: z.object({
    total: z.int(),
    encoded: z.int(),
    reused: z.int(),
    /** The first frame of each segment. Renditions that are made from this file are cut at the same frames. */
    starts: z.optional(z.array(z.int())),
  }),
  quality,
  checks: z.array(check),
  /** The recipe key of a drop that names this rendition alone, where drops name one or several of a recipe's renditions. */
  recipeKey: z.optional(z.string()),
  /** The hash of the file that the rendition was made from, at that time. */
  parentSha256: z.optional(z.string()),
  /** Whether somebody replaced the file by hand and the replacement was accepted. */
  edited: z.optional(z.boolean()),
  /** The `codecs` parameter of the sound, if there is sound and it has one. */
  audioCodecString: z.optional(z.string()),
  /** The language and the channels of the sound, if they are known. */
  soundLanguage: z.optional(z.string()),
  soundChannels: z.optional(z.int()),
  /** The source's stream that it comes from. */
  soundStream: z.optional(z.int()),
  /** Pictures a second, as a ratio, if the rendition is streamed: what its encoder was told. */
  frameRate: z.optional(z.string()),
  /** VIDEO-RANGE of RFC 8216bis, for renditions that are streamed. */
  videoRange: z.optional(z.enum(['SDR', 'PQ', 'HLG'])),
  model: z.optional(model),
  fields: z.optional(fields),
  /** Absent for renditions that are streamed, which tell no place and no person. */
  metadata: z.optional(z.array(metadataFateSchema)),
});

const thumbnails = z.object({
  /** The rendition that the thumbnails show. */
  parent: z.string(),
  parentSha256: z.string(),
  /** The time of the poster in the film. */
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
      ...FILE_FIELDS,
      kind: z.enum(['poster', 'sprite', 'cues']),
      width: z.optional(z.int()),
      height: z.optional(z.int()),
    }),
  ),
});

/** A rendition that was planned but not made, because its priority is too low. */
const deferred = z.object({ name: z.string(), parent: z.string(), priority: z.number() });

/** A source whose own bytes lie beside the results, where somebody asked for it. `storageClass`: that of the copy in a bucket. */
const keptSource = z.object({ ...FILE_FIELDS, storageClass: z.optional(z.string()) });

const playlist = z.object({
  ...FILE_FIELDS,
  kind: z.enum(['hls', 'dash', 'init']),
});

/** The record beside the renditions. It is published last, so that everything it names is there and was checked. */
const manifest = z.object({
  version: z.literal(2),
  job: z.string(),
  recipe: z.string(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** The hash of the resolved recipe. Together with the source's hash it shows whether anything changed. */
  recipeKey: z.string(),
  status: z.literal('done'),
  source: z.object({
    path: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    durationSeconds: z.number(),
    streams: z.array(sourceStream),
    /** The subtitle files beside the source that were taken along. */
    beside: z.optional(z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() }))),
  }),
  /** On one machine: the folder in which `source.path` is. */
  sourceFolder: z.optional(z.string()),
  /** Kept sources, of earlier contents too, because none is ever removed. */
  keptSources: z.optional(z.array(keptSource)),
  /** In place: the hashes of what the source was made from, if it was a result itself; the last one first. */
  madeFrom: z.optional(z.array(z.string())),
  renditions: z.array(rendition),
  /** Further sounds of renditions that are streamed, the default one first. */
  sounds: z.optional(z.array(z.extend(soundRecordSchema, { checks: z.array(check) }))),
  /** Subtitles of renditions that are streamed. */
  subtitles: z.optional(z.array(textRecordSchema)),
  deferred: z.optional(z.array(deferred)),
  sidecars: z.array(sidecarSchema),
  thumbnails: z.optional(thumbnails),
  playlists: z.optional(z.array(playlist)),
  /** The checks of the playlists, which passed before they were published. */
  playlistChecks: z.optional(z.array(check)),
  /** The page that compares two models, and its figures. */
  streams: z.array(streamFateSchema),
  comparison: z.optional(z.array(z.object(FILE_FIELDS))),
  warnings: z.array(z.string()),
  /** Where these results were taken over from, if the source was moved or is a duplicate. */
  taken: z.optional(z.object({ how: z.enum(['moved', 'copied']), from: z.string(), job: z.string() })),
  cost: z.object({
    estimatedUsd: z.number(),
    vcpuHours: z.number(),
    basis: z.string(),
    /** What the estimate is the sum of. */
    lines: z.optional(z.array(z.object({ what: z.string(), usd: z.number() }))),
  }),
  /** What the container that processed the job, or joined its segments, offered and used. */
  machine: z.optional(usageSchema),
  /** The wall-clock seconds of each step. */
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

/** Reads a manifest's bytes; undefined where they are none, as half a file or another program's. */
export const manifestFrom = (bytes: Uint8Array): Manifest | undefined => manifestSchema.safeParse(jsonOf(bytes)).data;

/** Every file that the manifest lists and that publishing replaces. Manifest, report and kept sources are not among them. */
export const filesOf = ({
  renditions,
  sidecars,
  thumbnails,
  playlists,
  comparison,
  sounds,
  subtitles,
}: Manifest): readonly FileRecord[] => [
  ...renditions,
  ...sidecars,
  ...(thumbnails?.files ?? []),
  ...(playlists ?? []),
  ...(comparison ?? []),
  ...(sounds ?? []),
  ...(subtitles ?? []),
];

/** Every file that the manifest lists, kept sources too. */
export const filesAndSources = (listed: Manifest): readonly FileRecord[] => [
  ...filesOf(listed),
  ...(listed.keptSources ?? []),
];

export type Manifest = z.infer<typeof manifestSchema>;
export type KeptSource = z.infer<typeof keptSource>;
export type RenditionRecord = Manifest['renditions'][number];
export type SoundRecord = NonNullable<Manifest['sounds']>[number];
export type StreamFate = Manifest['streams'][number];
export type Check = z.infer<typeof check>;
export type Quality = z.infer<typeof quality>;
export type Thumbnails = z.infer<typeof thumbnails>;
export type Playlist = z.infer<typeof playlist>;
