import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { CodecName } from '../codecs/index.ts';
import type { SegmentWindow } from '../encode/encode-args.ts';
import type { JoinPlan } from '../encode/join-args.ts';
import type { CropProposal } from '../film/crop-area.ts';
import type { FragmentMap } from '../film/fragments.ts';
import type { FrameIndex, FrameTimes } from '../film/frame-index.ts';
import type { Size } from '../film/frame-size.ts';
import type { Probe } from '../film/probe.ts';
import type { PicturePackets } from '../film/promised.ts';
import type { Spherical } from '../film/spherical.ts';
import type { Check, Quality } from '../job/manifest.ts';
import type { ExcerptWindow, Likeness } from '../plan/comparison.ts';
import type { Metric } from '../quality/metric.ts';
import type { SampleWindow } from '../quality/sample.ts';
import type { Segment } from '../segments/segments.ts';
import type { SoundTimes } from '../streams/sound-times.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { OcrReading, OcrTool } from '../subtitles/ocr.ts';
import type { SpriteGrid } from '../thumbnails/sprite.ts';
import type { Rational } from '../units.ts';
import type { FilmReading } from './film-reading.ts';
import type { Inspected } from './inspected.ts';
import type { SoundReading, SoundTask } from './sound.ts';

/** The properties of a stream's packets. Times are seconds from the file's start. */
export type StreamSurvey = SoundTimes & {
  readonly stream: number;
  readonly packets: number;
  /** The hash of all packets' hashes in order; for PCM, the hash of its samples. */
  readonly sha256: string;
  /** The time of the first packet in the file, which is not the lowest one where a file holds several recordings. */
  readonly firstSeconds: number | undefined;
  /** Present where the stream begins before EARLIEST_SECONDS: the count of packets before it, and the properties of the others. */
  readonly early?: {
    readonly packets: number;
    readonly others: Pick<StreamSurvey, 'packets' | 'sha256' | 'firstSeconds'>;
  };
  readonly endSeconds: number | undefined;
};

export type Survey<Index extends FrameTimes = FrameIndex> = {
  readonly index: Index;
  readonly streams: readonly StreamSurvey[];
  readonly picture?: PicturePackets;
  /** False where packets of the picture have no time, or two have the same time, so that only decoding gives the times. */
  readonly timesAreSound: boolean;
};

export type Source = { readonly path: string; readonly probe: Probe; readonly stream: number };

export type PieceTask = {
  readonly source: Source;
  readonly segment: Segment;
  readonly window: SegmentWindow;
  readonly spec: EncodeSpec;
  /** The segment's presentation times in ticks from its first frame. */
  readonly times: Float64Array;
  readonly timeBase: { readonly num: number; readonly den: number };
};

/** An exact piece has all frames, each at its time. Otherwise `found` says what came instead, since packets and decoded frames differ. */
export type PieceResult =
  | {
      readonly exact: true;
      readonly bytes: number;
      /** The decoder's messages about the source. */
      readonly damage: readonly string[];
    }
  | { readonly exact: false; readonly found: string };

/** Names the file of each piece, and receives its progress and its result. */
export type PieceSink = {
  outputOf(task: PieceTask): string;
  /** `frames` counts the encoded frames of this piece so far. */
  onFrames(task: PieceTask, frames: number): void;
  onPiece(task: PieceTask, result: PieceResult): Promise<void>;
};

export type SidecarTask = { readonly source: Source; readonly plans: readonly StreamPlan[]; readonly folder: string };

/** The file of a sidecar, or the reason why it could not be written. */
export type WrittenSidecar = {
  readonly index: number;
  readonly path: string | undefined;
  readonly problem: string | undefined;
};

/** A stream of bitmap subtitles (`source.stream`), its language, and the factor by which its times are multiplied. */
export type OcrTask = {
  readonly source: Source;
  readonly language: string;
  readonly timeFactor: Rational | undefined;
  readonly output: string;
};

export type WorkOptions = {
  readonly signal: AbortSignal;
  /** `done` counts the frames or bytes of this call so far. */
  onProgress(done: number): void;
  /** Whether the process runs at the lowest priority. */
  readonly nice?: boolean;
};

export type QualityTask = {
  readonly source: Source;
  /** Presentation times of the source, in ticks from its start. */
  readonly times: Float64Array;
  readonly tickSeconds: number;
  /** The frame numbers of the source at which decoding may begin, ascending. */
  readonly keyframes: Uint32Array;
  readonly spec: EncodeSpec;
  readonly rendition: string;
  /** Presentation times of the rendition, in its own ticks from its start. */
  readonly renditionTimes: Float64Array;
  readonly renditionTickSeconds: number;
  readonly renditionKeyframes: Uint32Array;
  /** Whether the source can only be read from its start. */
  readonly sequential: boolean;
  /** Whether a quality was requested; then more frames are measured, and other frames than the search used. */
  readonly thorough: boolean;
};

/** A piece that holds the frames of one window of the source, to be scored. */
export type SampleTask = Pick<QualityTask, 'source' | 'times' | 'tickSeconds' | 'keyframes' | 'spec'> & {
  readonly window: SampleWindow;
  readonly piece: string;
};

export type QualityReport = {
  readonly quality: Quality;
  /** Checks that the rendition shows the source's pictures at the source's times. */
  readonly checks: readonly Check[];
  readonly series: readonly { readonly seconds: number; readonly score: number }[];
};

/** A verified rendition to make thumbnails of. `size` is its displayed size, turned upright. */
export type ThumbnailTask = {
  readonly path: string;
  readonly size: Size;
  readonly durationSeconds: number;
  readonly grid: SpriteGrid;
  readonly folder: string;
};

export type MadeThumbnails = {
  readonly posterSeconds: number;
  readonly files: readonly {
    readonly kind: 'poster' | 'sprite';
    readonly file: string;
    /** Its name beside the manifest. */
    readonly path: string;
    readonly width: number;
    readonly height: number;
  }[];
};

export type LikenessTask = {
  /** The file of the piece, which holds every frame of the source in this size. */
  readonly piece: string;
  readonly source: Source;
  /** The filters that the source's frames went through before they were cropped to the size. */
  readonly filters: readonly string[];
  readonly size: Size;
};

export type StillTask = {
  readonly path: string;
  /** ffmpeg's stream specifier, as "0:v:0". */
  readonly stream: string;
  readonly frame: number;
  readonly filters: readonly string[];
};

/** Reads, makes and measures pictures and sound. media/ implements it with ffmpeg; the bytes of pieces depend on the arguments alone. */
export interface Media extends FilmReading {
  /** Returns the versions of all tools that shape a codec's bytes. Throws `missing-tool` where no installed tool encodes it. */
  tools(codec: CodecName, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Returns the versions of the tools that run networks, for enlarged renditions. Throws `missing-tool`. */
  networkTools(): Readonly<Record<string, string>>;
  /** Returns the SHA-256 of a file, hexadecimal. */
  hash(path: string, options: WorkOptions): Promise<string>;
  /** Judges the file's structure, then runs ffprobe. Throws `not-video`, `truncated` unless accepted, `over-limit`, `bad-input`, `no-input`. */
  inspect(path: string, signal: AbortSignal, damaged?: 'accept'): Promise<Inspected>;
  /** Reads every packet of the file once, without decoding. */
  survey(source: Source, options: WorkOptions): Promise<Survey>;
  /** Reads every packet of a file from which no segments are made, without the packets' hashes, which are two thirds of an index. */
  surveyTimes(source: Source, options: WorkOptions): Promise<Survey<FrameTimes>>;
  /** Decodes the source and returns its frames. */
  surveyFrames(source: Source, options: WorkOptions): Promise<FrameIndex>;
  isInterlaced(source: Source, durationSeconds: number, signal: AbortSignal): Promise<boolean>;
  /** Returns the picture's area without its black bars, and a frame with it; undefined where there are no bars. */
  proposeCrop(source: Source, durationSeconds: number, signal: AbortSignal): Promise<CropProposal | undefined>;
  encodeSegment(task: PieceTask, output: string, options: WorkOptions): Promise<PieceResult>;
  /** Encodes all these segments, in order, from one decode of the source; `onPiece` receives each finished one. */
  feedSegments(tasks: readonly PieceTask[], sink: PieceSink, signal: AbortSignal): Promise<void>;
  /** Joins the pieces. Returns the decoder's messages about converted sound. */
  join(plan: JoinPlan, options: WorkOptions): Promise<readonly string[]>;
  /** Returns the source's spherical metadata; undefined where it has none. */
  spherical(source: Source, signal: AbortSignal): Promise<Spherical | undefined>;
  /** Writes the sidecars. A sidecar that could not be written is returned with the reason. */
  writeSidecars(task: SidecarTask, signal: AbortSignal): Promise<readonly WrittenSidecar[]>;
  /** Returns the installed tesseract; undefined where there is none. */
  ocrTool(signal: AbortSignal): Promise<OcrTool | undefined>;
  /** Reads bitmap subtitles and writes SubRip. Throws `bad-input` where the stream cannot be read, `missing-tool` without tesseract. */
  readSubtitles(task: OcrTask, signal: AbortSignal): Promise<OcrReading>;
  /** Decodes a finished rendition and counts its frames; the decoder stops at any error. */
  decodeFully(
    path: string,
    options: WorkOptions,
  ): Promise<{ readonly frames: number; readonly errors: readonly string[] }>;
  /** Compares the hashes of decoded frames of source and rendition, for lossless renditions. */
  compareFrames(task: QualityTask, options: WorkOptions): Promise<{ readonly equal: boolean; readonly detail: string }>;
  readSound(task: SoundTask, signal: AbortSignal): Promise<SoundReading>;
  measureQuality(task: QualityTask, options: WorkOptions): Promise<QualityReport>;
  /** Returns the metric by which the installed tools measure the quality of such a picture. */
  qualityMetric(spec: EncodeSpec, source: Probe): Promise<Metric>;
  /** Returns the mean score of a sampled piece against its source, by the metric of `qualityMetric`. */
  scoreSample(task: SampleTask, signal: AbortSignal): Promise<number>;
  /** Returns the codecs parameter (RFC 6381) of a file's picture. */
  codecString(path: string, signal: AbortSignal): Promise<string>;
  /** Returns the codecs parameter (RFC 6381) of a file's first sound; undefined where it has no sound. */
  soundCodecString(path: string, signal: AbortSignal): Promise<string | undefined>;
  likeness(task: LikenessTask, signal: AbortSignal): Promise<Likeness>;
  /** Returns one frame as PNG. */
  still(task: StillTask, signal: AbortSignal): Promise<Buffer>;
  /** Writes the film with its frames from before telecine, and its other streams, to `output`. */
  inverseTelecine(source: Source, output: string, signal: AbortSignal): Promise<void>;
  /** Writes these windows of the picture, one after the other and without loss, to `output`. */
  excerpt(
    source: Source,
    to: { readonly windows: readonly ExcerptWindow[]; readonly output: string },
    signal: AbortSignal,
  ): Promise<void>;
  makeThumbnails(task: ThumbnailTask, signal: AbortSignal): Promise<MadeThumbnails>;
  /** Reads the fragments of a fragmented MP4 of our own. Throws `not-exact` for any other file. */
  fragments(path: string, signal: AbortSignal): Promise<FragmentMap>;
  /** Returns the encoder's command for people to repeat, with INPUT and OUTPUT for the files. */
  command(spec: EncodeSpec): string[];
  copyFile(from: string, to: string, signal: AbortSignal): Promise<void>;
  fileInfo(path: string, signal: AbortSignal): Promise<{ readonly bytes: number; readonly sha256: string }>;
}
