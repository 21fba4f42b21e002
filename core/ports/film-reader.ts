import type { MatroskaDescription } from '../description/matroska.ts';
import type { MetadataBox } from '../description/metadata.ts';
import type { MovieChapters } from '../description/movie-chapters.ts';
import type { MovieHeaders } from '../description/movie-headers.ts';
import type { PictureMarks } from '../encode/picture-marks.ts';
import type { FilmFields } from '../fields/film-fields.ts';
import type { FileSums } from '../file-record.ts';
import type { CountedKind } from '../film/changing-picture.ts';
import type { CropProposal } from '../film/crop-area.ts';
import type { FileMap, PacketPlaces } from '../film/file-map.ts';
import type { FilePackets } from '../film/file-packets.ts';
import type { FragmentMap } from '../film/fragments.ts';
import type { FrameIndex, FrameTimes } from '../film/frame-index.ts';
import type { NoteKind } from '../film/picture-notes.ts';
import type { Probe } from '../film/probe.ts';
import type { PicturePackets, Promised } from '../film/promised.ts';
import type { ShapeRun } from '../film/shaped-parts.ts';
import type { SharedTimes } from '../film/shared-times.ts';
import type { SoundChange } from '../film/sound-kind.ts';
import type { Spherical } from '../film/spherical.ts';
import type { ClockMove } from '../recordings/recordings.ts';
import type { SampledFilm } from '../segments/field-samples.ts';
import type { FrameTimeline } from '../segments/reach.ts';
import type { ClockJump } from '../streams/clock-jumps.ts';
import type { SoundTimes } from '../streams/sound-times.ts';
import type { TextTimes } from '../streams/text-times.ts';
import type { SoundMap } from './sound-file.ts';
import type { WorkOptions } from './work-options.ts';

export type Source = {
  readonly path: string;
  readonly probe: Probe;
  readonly stream: number;
  /** All packets of the file, if they have been read with its properties. */
  readonly packets?: FilePackets | undefined;
};

/** The properties of a stream's packets. Times are seconds from the file's start. */
export type StreamSurvey = SoundTimes & {
  readonly stream: number;
  readonly packets: number;
  /** The hash of all packets' hashes in order; for PCM, the hash of its samples. */
  readonly sha256: string;
  /** The time of the first packet in the file, which is not the lowest one where a file holds several recordings. */
  readonly firstSeconds: number | undefined;
  /** Present where the stream begins before EARLIEST_SECONDS, or with parts of a frame: the count of these packets, and the properties of the others. */
  readonly early?: {
    readonly packets: number;
    readonly others: Pick<StreamSurvey, 'packets' | 'sha256' | 'firstSeconds'>;
  };
  /** When the last packet ends that an edit list does not hide. */
  readonly endSeconds: number | undefined;
  /** The kinds of a sound that changes midway, in order; absent of any other stream. */
  readonly changes?: readonly SoundChange[];
  /** For data, the hash of all packets' times, in ticks of the stream from its first packet. */
  readonly timesSha256?: string;
  /** For subtitles, when each is shown that an edit list does not hide. */
  readonly textTimes?: TextTimes;
};

export type Survey<Index extends FrameTimes = FrameIndex> = {
  readonly index: Index;
  readonly streams: readonly StreamSurvey[];
  readonly picture?: PicturePackets;
  /** Where the packets lie; present if it was asked for. */
  readonly places?: PacketPlaces;
  /** The streams besides picture and sound of which ffmpeg reads only a beginning; absent where there are none. */
  readonly stopped?: readonly number[];
  /** False where packets of the picture have no time, or two have the same time, so that only decoding gives the times. */
  readonly timesAreSound: boolean;
  /** Where the clock of the file jumps; absent where it does not. The ends of streams are by times that go on. */
  readonly jumps?: readonly ClockJump[];
  /** How its recordings come onto one clock; absent where there is one recording, or where it is not clear where they begin. */
  readonly moves?: readonly ClockMove[];
};

/** How many pictures have a kind of note, and the hash of all these notes in the order of showing. */
export type NotesFound = { readonly kind: NoteKind; readonly pictures: number; readonly sha256: string };

/** The properties of a file before its packets are read. `promised` has the frames that its index announces. */
export type Inspected = {
  readonly probe: Probe;
  readonly warnings: readonly string[];
  readonly promised: Promised;
  /** All packets of a small file, if they were asked for. */
  readonly packets?: FilePackets | undefined;
};

/** A sound of a file, and its codec, as its source has it. */
export type SoundIn = { readonly stream: number; readonly codec: string };

/** How a file is inspected: whether damage is accepted, and whether its packets are to be read next. */
export type Inspection = { readonly damaged?: 'accept' | undefined; readonly packets?: 'follow' };

/**
 * The frames that a film decodes to, and the numbers of those at which the picture's decoder complained, as exactly as it
 * tells that that reads some frames ahead; undefined where that is not known. Frames whose time another one has are `moved`.
 */
export type DecodedFrames = {
  readonly index: FrameIndex;
  readonly errorsAt?: readonly number[];
  readonly moved?: SharedTimes;
};

/** The frames `[start, end)` of a film, and how its frames are reached. */
export type DamageSearch = FrameTimeline & {
  readonly source: Source;
  readonly stretch: { readonly start: number; readonly end: number };
};

/**
 * With `tellsPlaces` the survey records where packets lie as well, which takes 16 bytes a picture. `folder` may take hashes that are too many
 * to stay in memory; it must stay as long as the index is used.
 */
export type SurveyOptions = WorkOptions & { readonly tellsPlaces?: boolean; readonly folder?: string | undefined };

/** `keepsOrder`: the index holds all packets in the order of decoding, of which a list in the order of showing is made besides. */
export type TimesOptions = WorkOptions & { readonly keepsOrder?: boolean };

/** How many packets of a film ffmpeg reads, from a time on or from the beginning. */
export type PacketReading = {
  readonly source: Source;
  readonly seekSeconds: number | undefined;
  readonly packets: number;
};

/** Reads the properties of a film, from its structure, its packets and its decoded frames, and writes nothing. */
export interface FilmReader {
  /** Judges the file's structure, then runs ffprobe. If the packets follow, those of a small file are read with the rest. Throws `not-video`, `truncated` unless accepted, `over-limit`, `bad-input`, `no-input`. */
  inspect(path: string, signal: AbortSignal, how?: Inspection): Promise<Inspected>;
  /** Reads every packet of the file once, without decoding. */
  survey(source: Source, options: SurveyOptions): Promise<Survey>;
  /** Returns what of its file ffmpeg reads besides the picture's packets; undefined where only all of it can be read. */
  fileMap(source: Source, signal: AbortSignal): Promise<FileMap | undefined>;
  /** Returns the hash of all that ffprobe says of a file when it has opened it. */
  description(source: Source, signal: AbortSignal): Promise<string>;
  /** Returns the hashes of packets of the picture, HASH_BYTES each, in the order in which an encode of a segment reads them. */
  packetHashes(reading: PacketReading, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Reads every packet of a file from which no segments are made, without the packets' hashes, which are two thirds of an index. The
   * pictures that are not shown are left out, and the others are in the order of showing, unless the order of packets is kept.
   */
  surveyTimes(source: Source, options: TimesOptions): Promise<Survey<FrameTimes>>;
  /** Decodes the source and returns its frames. */
  surveyFrames(source: Source, options: WorkOptions): Promise<DecodedFrames>;
  /** Returns the numbers of the frames that differ between two decodes of the source. */
  unsteadyFrames(source: Source, signal: AbortSignal): Promise<readonly number[]>;
  /** Returns the kinds of a source's pictures in order; none where its codec cannot change them. */
  pictureShapes(source: Source, signal: AbortSignal): Promise<readonly CountedKind[]>;
  /** Decodes the source and returns the shapes of pixels that its frames say, in order. */
  shapeRuns(source: Source, signal: AbortSignal): Promise<readonly ShapeRun[]>;
  /** Returns which frames are interlaced, found by their pictures. */
  measureFields(source: Source, film: SampledFilm, signal: AbortSignal): Promise<FilmFields>;
  /** Returns the picture's area without its black bars, and a frame with it; undefined where there are no bars. */
  proposeCrop(source: Source, durationSeconds: number, signal: AbortSignal): Promise<CropProposal | undefined>;
  /** Returns the source's spherical metadata; undefined where it has none. */
  spherical(source: Source, signal: AbortSignal): Promise<Spherical | undefined>;
  /** Returns the boxes by which an MP4 or QuickTime file describes its film; none of any other file. */
  metadata(source: Pick<Source, 'path' | 'probe'>, signal: AbortSignal): Promise<readonly MetadataBox[]>;
  /** Returns what belongs to single pictures, in the order of showing. Meanwhile it lies in the file `spool`. */
  pictureNotes(
    task: { readonly source: Source; readonly index: FrameTimes; readonly spool: string },
    signal: AbortSignal,
  ): Promise<readonly NotesFound[]>;
  /** Returns what the headers of an MP4's or QuickTime file's tracks say besides their lengths; undefined for any other file. */
  movieHeaders(source: Pick<Source, 'path' | 'probe'>, signal: AbortSignal): Promise<MovieHeaders | undefined>;
  /** Returns the chapters of the track of an MP4 or MOV that players read them from; undefined where there is none, or it cannot be read. */
  movieChapters(source: Pick<Source, 'path' | 'probe'>, signal: AbortSignal): Promise<MovieChapters | undefined>;
  /** Returns what the sample entry of an MP4's picture says besides how it is decoded. */
  pictureMarks(source: Source, signal: AbortSignal): Promise<PictureMarks>;
  /** Returns how a Matroska or WebM file describes its film; undefined for any other file. */
  matroska(source: Pick<Source, 'path' | 'probe'>, signal: AbortSignal): Promise<MatroskaDescription | undefined>;
  /** Returns the numbers of the frames of which a decoder complains, in a stretch of a film that can be sought. */
  findDamage(search: DamageSearch, signal: AbortSignal): Promise<readonly number[]>;
  /** Returns what decoders complain of while they decode the covers. */
  coverDamage(source: Pick<Source, 'path' | 'probe'>, signal: AbortSignal): Promise<readonly string[]>;
  /** Returns what decoders complain of while they decode these sounds of a file. */
  soundDamage(source: Source, sounds: readonly SoundIn[], signal: AbortSignal): Promise<readonly string[]>;
  /** Returns what a decoder says of the frames that are decoded before a stretch is reached, which are no part of it. */
  saidBefore(search: DamageSearch, signal: AbortSignal): Promise<readonly string[]>;
  /** Reads the fragments of a fragmented MP4 of our own. Throws `not-exact` for any other file. */
  fragments(path: string, signal: AbortSignal): Promise<FragmentMap>;
  /** Reads the fragments of such a file that holds one sound alone. Throws `not-exact` for any other file. */
  soundFragments(path: string, signal: AbortSignal): Promise<SoundMap>;
  /** Returns the SHA-256 of a file, hexadecimal. */
  hash(path: string, options: WorkOptions): Promise<string>;
  /** Returns size and hashes of a file that is to be published, all by one reading. */
  fileInfo(path: string, signal: AbortSignal): Promise<FileSums & { readonly crc64nvme: string }>;
}
