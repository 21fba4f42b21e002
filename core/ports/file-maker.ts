import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { CodecName } from '../codecs/index.ts';
import type { SegmentWindow } from '../encode/encode-args.ts';
import type { JoinPlan } from '../encode/join-plan.ts';
import type { FieldFirst, InterlacedPart } from '../fields/film-fields.ts';
import type { Animation } from '../film/animation.ts';
import type { CameraTrailer } from '../film/camera-trailer.ts';
import type { Size } from '../film/frame-size.ts';
import type { Gaps } from '../film/image-sequence.ts';
import type { ShapedPart } from '../film/probe.ts';
import type { PictureKind } from '../film/sequence-pictures.ts';
import type { ExcerptWindow } from '../plan/comparison.ts';
import type { ClockMove } from '../recordings/recordings.ts';
import type { FeedStart, FrameTimeline } from '../segments/reach.ts';
import type { Segment } from '../segments/segments.ts';
import type { OcrReading, OcrTool } from '../subtitles/ocr.ts';
import type { ReadCaptions } from '../subtitles/read-captions.ts';
import type { SpriteGrid } from '../thumbnails/sprite.ts';
import type { Rational } from '../units.ts';
import type { NotesFound, Source } from './film-reader.ts';
import type { CaptionSource, SidecarTask, WrittenSidecar } from './sidecars.ts';
import type { SoundFileTask } from './sound-file.ts';
import type { TextRead, TextsTask } from './texts.ts';
import type { WorkOptions } from './work-options.ts';

export type PieceTask = {
  readonly source: Source;
  /** Set where the source's file is a stretch of the film, whose every frame of the segment was found to be the film's. */
  readonly begins?: FeedStart | undefined;
  readonly segment: Segment;
  readonly window: SegmentWindow;
  readonly spec: EncodeSpec;
  /** The segment's presentation times in ticks from its first frame. */
  readonly times: Float64Array;
  readonly timeBase: { readonly num: number; readonly den: number };
};

/** A piece, and the file that it becomes. */
export type PieceTo = { readonly task: PieceTask; readonly output: string };

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

/** What belongs to single pictures and was written into a file, and sentences about what could not be. */
export type CarriedNotes = { readonly carried: readonly NotesFound[]; readonly told: readonly string[] };

export type JoinedFile = {
  /** The decoder's messages about converted sound. */
  readonly damage: readonly string[];
  readonly notes: CarriedNotes;
};

/** A stream of GoPro's telemetry or the picture of a dashcam, and the file for its positions. */
export type GpxTask = { readonly path: string; readonly stream: number; readonly output: string };

/** How many positions were written, and the reason why not all of the stream could be. */
export type WrittenGpx = { readonly stream: number; readonly points: number; readonly problem: string | undefined };

/** A stream of bitmap subtitles (`source.stream`), its language, and the factor by which its times are multiplied. */
export type OcrTask = {
  readonly source: Source;
  readonly language: string;
  readonly timeFactor: Rational | undefined;
  readonly output: string;
};

/** A verified rendition to make thumbnails of. `size` is its displayed size, turned upright. */
export type ThumbnailTask = {
  readonly path: string;
  readonly size: Size;
  /** What its pictures state, and their pixel format. */
  readonly matrix: string | undefined;
  readonly pixelFormat: string;
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

/** Frames of a film for people to look at, ascending, brought to one size after the filters. */
export type StillsTask = FrameTimeline & {
  readonly source: Source;
  readonly frames: readonly number[];
  readonly filters: readonly string[];
  readonly interlacedParts?: readonly InterlacedPart[] | undefined;
  readonly shapedParts?: readonly ShapedPart[] | undefined;
  /** How many frames before a frame the filters need. */
  readonly margin: number;
  /** Whether the film can only be read from its start. */
  readonly sequential: boolean;
  /** The filters that turn the picture upright. */
  readonly turn: readonly string[];
  readonly size: Size;
  /** JPEG's quality, 1 to 100. */
  readonly quality: number;
};

/** Two frames as JPEG. */
export type StillPair = readonly [Uint8Array, Uint8Array];

export type StillTask = {
  readonly path: string;
  /** ffmpeg's stream specifier, as "0:v:0". */
  readonly stream: string;
  readonly frame: number;
  readonly filters: readonly string[];
};

/** The properties of an animated picture that was written as a film. */
export type Unfolded = {
  readonly kind: Animation['kind'];
  /** Whether all of its pictures are opaque. */
  readonly isOpaque: boolean;
  /** How long its last picture is shown. */
  readonly lastSeconds: number;
  /** A sentence about delays that were too short to be meant. */
  readonly hurried: string | undefined;
  /** The names of what it holds besides its pictures and no film has a place for. */
  readonly others: readonly string[];
};

/** A sequence of pictures by its path, as `frames/frame_%05d.png`. */
export type SequenceTask = {
  readonly path: string;
  readonly output: string;
  readonly frameRate: Rational;
  readonly gaps: Gaps;
};

export type PackedSequence = {
  readonly frames: number;
  readonly kind: PictureKind;
  /** Sentences about gaps that were accepted and formats that differ. */
  readonly told: readonly string[];
};

/** A file of recordings whose times are moved. `isProgram` is true for a program stream, and false for a transport stream. */
export type OneClockTask = {
  readonly path: string;
  readonly isProgram: boolean;
  readonly moves: readonly ClockMove[];
  readonly output: string;
};

/** A telecined film, and which field of its frames is the earlier one, whatever they are flagged as. */
export type TelecineTask = { readonly source: Source; readonly first: FieldFirst; readonly output: string };

/** A file of recordings whose streams may have other PIDs or identifiers from one to the next, and whether damage of it is accepted. */
export type JoiningTask = {
  readonly path: string;
  readonly output: string;
  readonly damaged?: 'accept' | undefined;
};

/** What people are told of recordings whose streams were given the PIDs or identifiers of the first one; nothing where only pages of an Ogg were cut anew. */
export type JoinedPrograms = { readonly told?: string };

/** Makes files from films: pieces, renditions, sidecars and pictures. The bytes of pieces depend on the arguments and the tools alone. */
export interface FileMaker {
  /** Returns the versions of all tools that shape a codec's bytes. Throws `missing-tool` where no installed tool encodes it. */
  tools(codec: CodecName, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Returns the versions of the tools that run networks, for enlarged renditions. Throws `missing-tool`. */
  networkTools(): Readonly<Record<string, string>>;
  /** Returns the encoder's command for people to repeat, with INPUT and OUTPUT for the files. */
  command(spec: EncodeSpec): string[];
  /** Writes an animated GIF, APNG or WebP as a film to `output`; undefined for any other file. Throws `bad-input`, `truncated`. */
  unfold(path: string, output: string, signal: AbortSignal): Promise<Unfolded | undefined>;
  /** Writes a sequence of pictures as a film; undefined for a path that means none. Throws `bad-input`, `over-limit`. */
  packSequence(task: SequenceTask, signal: AbortSignal): Promise<PackedSequence | undefined>;
  /**
   * Writes a file anew where ffmpeg does not read it as it is: a transport or program stream of several recordings with the PIDs or
   * identifiers of the first one, an Ogg of chained recordings as one, an Ogg of whose Vorbis ffmpeg would tell other times, with other pages, and
   * an FLV of HEVC, AV1 or VP9 as Matroska. Undefined for any other file, and where the streams of recordings do not match one to one. Throws
   * `truncated` unless accepted.
   */
  joinPrograms(task: JoiningTask, signal: AbortSignal): Promise<JoinedPrograms | undefined>;
  /** Copies a file of several recordings with their times moved onto one clock. */
  writeOnOneClock(task: OneClockTask, signal: AbortSignal): Promise<void>;
  encodeSegment(task: PieceTask, output: string, options: WorkOptions): Promise<PieceResult>;
  /** Encodes pieces of several renditions by one decode of their source; undefined where one decode cannot give all of them. */
  encodeTogether(pieces: readonly PieceTo[], options: WorkOptions): Promise<readonly PieceResult[] | undefined>;
  /** Encodes all these segments, in order, from one decode of the source; `onPiece` receives each finished one. */
  feedSegments(tasks: readonly PieceTask[], sink: PieceSink, signal: AbortSignal): Promise<void>;
  /** Joins the pieces. */
  join(plan: JoinPlan, options: WorkOptions): Promise<JoinedFile>;
  /** Writes the sidecars. A sidecar that could not be written is returned with the reason. */
  writeSidecars(task: SidecarTask, signal: AbortSignal): Promise<readonly WrittenSidecar[]>;
  /** Writes the positions in a stream of GoPro's telemetry as GPX. */
  writeGpx(task: GpxTask, signal: AbortSignal): Promise<WrittenGpx>;
  /** Writes the positions that a dashcam put among its pictures as GPX. */
  writeDashcamGpx(task: GpxTask, signal: AbortSignal): Promise<WrittenGpx>;
  /** Writes the blocks that a dashcam put among its pictures as they are, and returns how many there are; no file where there are none. */
  writeDashcamBlocks(task: GpxTask, signal: AbortSignal): Promise<number>;
  /** Writes what a camera put behind the boxes of its film as it is; no file, and undefined, where it put nothing there. */
  writeCameraTrailer(task: GpxTask, signal: AbortSignal): Promise<CameraTrailer | undefined>;
  /** Returns the installed tesseract; undefined where there is none. */
  ocrTool(signal: AbortSignal): Promise<OcrTool | undefined>;
  /** Reads bitmap subtitles and writes SubRip. Throws `bad-input` where the stream cannot be read, `missing-tool` without tesseract. */
  readSubtitles(task: OcrTask, signal: AbortSignal): Promise<OcrReading>;
  /** Returns one frame as PNG. */
  still(task: StillTask, signal: AbortSignal): Promise<Buffer>;
  /** Returns frames as JPEG, in order. Fewer are returned where the film ends early. */
  stills(task: StillsTask, signal: AbortSignal): Promise<readonly Uint8Array[]>;
  /** Returns one frame of each of two films as JPEG, undefined where a film ends before it. Both have the first one's size and quality. */
  stillPair(pair: readonly [StillsTask, StillsTask], signal: AbortSignal): Promise<StillPair | undefined>;
  /** Returns frames of RGB as JPEG. */
  jpegs(frames: readonly Uint8Array[], look: Pick<StillsTask, 'size' | 'quality'>): Promise<readonly Uint8Array[]>;
  makeThumbnails(task: ThumbnailTask, signal: AbortSignal): Promise<MadeThumbnails>;
  /** Writes the film with its frames from before telecine, and its other streams. */
  inverseTelecine(task: TelecineTask, signal: AbortSignal): Promise<void>;
  /** Writes these windows of the picture, one after the other and without loss, to `output`. */
  excerpt(
    source: Source,
    to: { readonly windows: readonly ExcerptWindow[]; readonly output: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Writes a sound to a fragmented MP4 of its own. Throws `bad-input` where the sound cannot be read. */
  writeSound(task: SoundFileTask, signal: AbortSignal): Promise<void>;
  /** Reads text subtitles as WebVTT. Subtitles that cannot be read are returned with the reason. */
  readTexts(task: TextsTask, signal: AbortSignal): Promise<readonly TextRead[]>;
  /** Reads the closed captions of a stream, whose times count from the source's start. Throws `bad-input` where it cannot be read. */
  readCaptions(source: CaptionSource, folder: string, signal: AbortSignal): Promise<ReadCaptions>;
  copyFile(from: string, to: string, signal: AbortSignal): Promise<void>;
}
