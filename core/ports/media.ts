import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { CodecName } from '../codecs/index.ts';
import type { SegmentWindow } from '../encode/encode-args.ts';
import type { JoinPlan } from '../encode/join-args.ts';
import type { CropArea } from '../film/crop-area.ts';
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

/** A stream's packets, read once. Times are seconds from the file's start. */
export type StreamSurvey = SoundTimes & {
  readonly stream: number;
  readonly packets: number;
  /** Over the hashes of all packets, in order; of PCM, over its samples. */
  readonly sha256: string;
  /** Of the first packet in the file: recordings put end to end begin anew, and not at the same time to a tick. */
  readonly firstSeconds: number | undefined;
  /** Where it begins before EARLIEST_SECONDS: how many packets come before that, and what is to be said of the others. */
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
  /** False where a picture's packets do not say when it is shown, or say it twice: only decoding tells. */
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

/** Exact: all frames, each at its time. Otherwise what came instead: the source decodes to other frames than its packets say. */
export type PieceResult =
  | {
      readonly exact: true;
      readonly bytes: number /** What the decoder said of the source. */;
      readonly damage: readonly string[];
    }
  | { readonly exact: false; readonly found: string };

/** Where pieces go, and who is told of each that is whole. */
export type PieceSink = {
  outputOf(task: PieceTask): string;
  /** Frames of this piece so far. */
  onFrames(task: PieceTask, frames: number): void;
  onPiece(task: PieceTask, result: PieceResult): Promise<void>;
};

export type SidecarTask = { readonly source: Source; readonly plans: readonly StreamPlan[]; readonly folder: string };

/** Its file, or why there is none. */
export type WrittenSidecar = {
  readonly index: number;
  readonly path: string | undefined;
  readonly problem: string | undefined;
};

/** A stream of bitmap subtitles (`source.stream`), the language it is in, and what its times are multiplied by. */
export type OcrTask = {
  readonly source: Source;
  readonly language: string;
  readonly slower: Rational | undefined;
  readonly output: string;
};

export type WorkOptions = {
  readonly signal: AbortSignal;
  /** How far: frames or bytes done of this call. */
  onProgress(done: number): void;
  /** It takes the processor time that all else leaves. */
  readonly nice?: boolean;
};

export type QualityTask = {
  readonly source: Source;
  /** Presentation times of the source, in ticks from its start. */
  readonly times: Float64Array;
  readonly tickSeconds: number;
  /** Frames of the source at which decoding may begin, ascending. */
  readonly keyframes: Uint32Array;
  readonly spec: EncodeSpec;
  readonly rendition: string;
  /** Presentation times of the rendition's own, in its ticks from its start. */
  readonly renditionTimes: Float64Array;
  readonly renditionTickSeconds: number;
  readonly renditionKeyframes: Uint32Array;
  /** The source is read from its start only. */
  readonly sequential: boolean;
  /** A quality was asked for: more frames are measured, and others than its search took. */
  readonly thorough: boolean;
};

/** One piece that holds the frames of one window of the source. */
export type SampleTask = Pick<QualityTask, 'source' | 'times' | 'tickSeconds' | 'keyframes' | 'spec'> & {
  readonly window: SampleWindow;
  readonly piece: string;
};

export type QualityReport = {
  readonly quality: Quality;
  /** Whether the rendition shows what the source shows, when it shows it. */
  readonly checks: readonly Check[];
  readonly series: readonly { readonly seconds: number; readonly score: number }[];
};

/** Of a verified rendition; sizes are as shown, turned upright. */
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
  /** Holds every frame of the source, of this size. */
  readonly piece: string;
  readonly source: Source;
  /** What the source's frames went through, before they were cropped to the size. */
  readonly filters: readonly string[];
  readonly size: Size;
};

export type StillTask = {
  readonly path: string;
  /** ffmpeg's name of it: "0:v:0". */
  readonly stream: string;
  readonly frame: number;
  readonly filters: readonly string[];
};

/** What is done to pictures and sound. Implemented in media/ by ffmpeg; the pieces' bytes depend on the arguments alone. */
export interface Media extends FilmReading {
  /** Versions of all that shapes the bytes of a codec. Throws `missing-tool` where nothing at hand encodes it. */
  tools(codec: CodecName, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** The same of what runs networks, for renditions that are enlarged. Throws `missing-tool`. */
  networkTools(): Readonly<Record<string, string>>;
  /** SHA-256 of a file, hexadecimal. */
  hash(path: string, options: WorkOptions): Promise<string>;
  /** Structure, then ffprobe. Throws `not-video`, `truncated` unless that is accepted, `over-limit`, `bad-input`, `no-input`. */
  inspect(path: string, signal: AbortSignal, damaged?: 'accept'): Promise<Inspected>;
  /** Reads every packet of the file once, decoding nothing. */
  survey(source: Source, options: WorkOptions): Promise<Survey>;
  /** The same of a file that nothing is made from: two thirds of an index are the hashes by which segments are known. */
  surveyTimes(source: Source, options: WorkOptions): Promise<Survey<FrameTimes>>;
  /** The frames the source really decodes to. */
  surveyFrames(source: Source, options: WorkOptions): Promise<FrameIndex>;
  isInterlaced(source: Source, durationSeconds: number, signal: AbortSignal): Promise<boolean>;
  /** What is left of the picture without its black bars; undefined where it has none. */
  proposeCrop(source: Source, durationSeconds: number, signal: AbortSignal): Promise<CropArea | undefined>;
  encodeSegment(task: PieceTask, output: string, options: WorkOptions): Promise<PieceResult>;
  /** One decode of the source feeds all these segments, in order; each is given to `onPiece` when it is whole. */
  feedSegments(tasks: readonly PieceTask[], sink: PieceSink, signal: AbortSignal): Promise<void>;
  /** Returns what the decoder said of sound that had to be converted. */
  join(plan: JoinPlan, options: WorkOptions): Promise<readonly string[]>;
  /** What tells players that it is a sphere; undefined where nothing does. */
  spherical(source: Source, signal: AbortSignal): Promise<Spherical | undefined>;
  /** Writes the sidecars; what could not be written is named with its reason. */
  writeSidecars(task: SidecarTask, signal: AbortSignal): Promise<readonly WrittenSidecar[]>;
  /** The tesseract at hand, if there is one. */
  ocrTool(signal: AbortSignal): Promise<OcrTool | undefined>;
  /** Writes SubRip. Throws `bad-input` where the stream cannot be read, `missing-tool` without tesseract. */
  readSubtitles(task: OcrTask, signal: AbortSignal): Promise<OcrReading>;
  /** How many frames the picture of our own file decodes to, any error being fatal. */
  decodeFully(
    path: string,
    options: WorkOptions,
  ): Promise<{ readonly frames: number; readonly errors: readonly string[] }>;
  /** Hashes of decoded frames of source and rendition, compared; for lossless renditions. */
  compareFrames(task: QualityTask, options: WorkOptions): Promise<{ readonly equal: boolean; readonly detail: string }>;
  readSound(task: SoundTask, signal: AbortSignal): Promise<SoundReading>;
  measureQuality(task: QualityTask, options: WorkOptions): Promise<QualityReport>;
  /** What quality is measured by, here and for such a picture. */
  qualityMetric(spec: EncodeSpec, source: Probe): Promise<Metric>;
  /** The mean score of a sampled piece against its source, by that metric. */
  scoreSample(task: SampleTask, signal: AbortSignal): Promise<number>;
  /** RFC 6381's codecs parameter for the picture of a file. */
  codecString(path: string, signal: AbortSignal): Promise<string>;
  /** The same for its first sound; undefined where it has none. */
  soundCodecString(path: string, signal: AbortSignal): Promise<string | undefined>;
  likeness(task: LikenessTask, signal: AbortSignal): Promise<Likeness>;
  /** One frame as PNG. */
  still(task: StillTask, signal: AbortSignal): Promise<Buffer>;
  /** The film with the frames it had before telecine, and its other streams, in a file of its own. */
  inverseTelecine(source: Source, output: string, signal: AbortSignal): Promise<void>;
  /** These windows of the picture, one after the other and nothing lost, in a file of its own. */
  excerpt(
    source: Source,
    to: { readonly windows: readonly ExcerptWindow[]; readonly output: string },
    signal: AbortSignal,
  ): Promise<void>;
  makeThumbnails(task: ThumbnailTask, signal: AbortSignal): Promise<MadeThumbnails>;
  /** How a fragmented MP4 of ours is laid out. Throws `not-exact` where it is none. */
  fragments(path: string, signal: AbortSignal): Promise<FragmentMap>;
  /** The encoder's command as people may repeat it, with INPUT and OUTPUT for the files. */
  command(spec: EncodeSpec): string[];
  copyFile(from: string, to: string, signal: AbortSignal): Promise<void>;
  fileInfo(path: string, signal: AbortSignal): Promise<{ readonly bytes: number; readonly sha256: string }>;
}
