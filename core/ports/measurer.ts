import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { Access } from '../film/access.ts';
import type { Size } from '../film/frame-size.ts';
import type { Probe } from '../film/probe.ts';
import type { Check, Quality } from '../job/manifest.ts';
import type { Likeness } from '../plan/comparison.ts';
import type { Metric } from '../quality/metric.ts';
import type { SampleWindow } from '../quality/sample.ts';
import type { SoundLevels } from '../quality/sound-levels.ts';
import type { FrameTimeline } from '../segments/reach.ts';
import type { DecodedKind } from '../streams/one-sound-kind.ts';
import type { OffTimes } from '../streams/sound-clock.ts';
import type { Source } from './film-reader.ts';
import type { WorkOptions } from './work-options.ts';

/** The frames of the source that the rendition shows, and how to reach them. */
export type QualityTask = FrameTimeline & {
  readonly source: Source;
  readonly spec: EncodeSpec;
  readonly rendition: string;
  /** Presentation times of the rendition, in its own ticks from its start. */
  readonly renditionTimes: Float64Array;
  readonly renditionTickSeconds: number;
  readonly renditionStartSeconds: number;
  readonly renditionKeyframes: Uint32Array;
  /** Whether the source can only be read from its start. */
  readonly sequential: boolean;
  /** Whether a quality was requested; then more frames are measured, and other frames than the search used. */
  readonly thorough: boolean;
  /** Frames that are left out, by their numbers, since they are damaged and each decode gives other pictures of them. */
  readonly unsteady?: ReadonlySet<number> | undefined;
  /** Set where other renditions of the source are measured too. */
  readonly together?: MeasuredTogether | undefined;
};

/**
 * Renditions that one run makes of one source. Which of them is measured first decodes the source for all of them, and keeps for the others
 * in this folder what they are compared with.
 */
export type MeasuredTogether = { readonly folder: string; readonly specs: readonly EncodeSpec[] };

/** Pieces that each hold the frames of one window of the source, in ascending order, to be scored. */
export type SamplesTask = Pick<QualityTask, 'source' | 'spec' | 'sequential' | keyof FrameTimeline> & {
  readonly samples: readonly { readonly window: SampleWindow; readonly piece: string }[];
};

export type QualityReport = {
  readonly quality: Quality;
  /** Checks that the rendition shows the source's pictures at the source's times. */
  readonly checks: readonly Check[];
  readonly series: readonly { readonly seconds: number; readonly score: number }[];
};

export type LikenessTask = {
  /** The file of the piece, which holds every frame of the source in this size. */
  readonly piece: string;
  readonly source: Source;
  /** The filters that the source's frames went through before they were cropped to the size. */
  readonly filters: readonly string[];
  readonly size: Size;
};

/** One sound of a file, to be decoded from its beginning to its end. */
export type SoundTask = {
  readonly path: string;
  readonly access: Access;
  readonly stream: number;
  /** Which samples of each channel are hashed: none, all, or those other than 0. */
  readonly hash: 'none' | 'all' | 'sounding';
  /** The kind to which a sound that changes midway is brought; that with which it begins by default. */
  readonly kind?: DecodedKind | undefined;
};

export type SoundReading = OffTimes & {
  readonly levels: SoundLevels;
  /** SHA-256 of each channel's samples, as 32-bit integers in order. */
  readonly channels: readonly string[];
};

/** Frames of a rendition for people to look at, by ascending numbers: upright, and brought to one size. */
export type FramesToShow = {
  readonly frames: readonly number[];
  readonly turn: readonly string[];
  readonly size: Size;
};

/** What a whole decode found. */
export type WholeDecode = {
  readonly frames: number;
  readonly errors: readonly string[];
  /** The frames that were to be shown, as RGB; fewer where the film ends early, none where it has errors. */
  readonly shown: readonly Uint8Array[];
};

/** Pictures for people to look at: a sheet of the rendition, and frames of source and rendition of this size. */
export type SideBySide = {
  readonly sheet: Pick<FramesToShow, 'frames' | 'size'>;
  readonly pair: Size;
  readonly turn: readonly string[];
};

/** What one decode of source and rendition found. */
export type LookedOnce = {
  readonly decoded: WholeDecode;
  readonly report: QualityReport;
  /** Each frame of the source that has a score with that of the rendition, as RGB, by its number; undefined where these are too large. */
  readonly pairs: ReadonlyMap<number, readonly [Uint8Array, Uint8Array]> | undefined;
};

/** Measures what was made, most of it against its source: decoding, sound, quality. It writes nothing. */
export interface Measurer {
  /** Decodes a finished rendition and counts its frames; the decoder stops at any error. The same decode gives frames to show. */
  decodeFully(path: string, options: WorkOptions, show?: FramesToShow): Promise<WholeDecode>;
  /** Compares the hashes of decoded frames of source and rendition, for lossless renditions. */
  compareFrames(task: QualityTask, options: WorkOptions): Promise<{ readonly equal: boolean; readonly detail: string }>;
  /** Reads sounds, of several files too, each file once where all its sounds can be read. Returns a reading of each, in order. */
  readSounds(tasks: readonly SoundTask[], signal: AbortSignal): Promise<readonly SoundReading[]>;
  /**
   * Finds by one decode of source and rendition what `decodeFully` and `measureQuality` find by two. Undefined where that cannot be
   * done, or anything is out of order: each has then to be asked, and says what.
   */
  lookOnce(task: QualityTask, options: WorkOptions, show?: SideBySide): Promise<LookedOnce | undefined>;
  measureQuality(task: QualityTask, options: WorkOptions): Promise<QualityReport>;
  /** Returns the metric by which the installed tools measure the quality of such a picture. */
  qualityMetric(spec: EncodeSpec, source: Probe): Promise<Metric>;
  /** Returns the mean score of each piece against its window of the source, by the metric of `qualityMetric`. */
  scoreSamples(task: SamplesTask, signal: AbortSignal): Promise<readonly number[]>;
  likeness(task: LikenessTask, signal: AbortSignal): Promise<Likeness>;
}
