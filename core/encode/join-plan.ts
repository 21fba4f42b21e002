import type { LastPacket } from '../bytes/opus-end.ts';
import type { MetadataBox } from '../description/metadata.ts';
import type { WantedHeaders } from '../description/movie-headers.ts';
import type { Access } from '../film/access.ts';
import type { DolbyVision } from '../film/dolby-vision.ts';
import type { FrameTimes } from '../film/frame-index.ts';
import type { NoteKind } from '../film/picture-notes.ts';
import type { Colour, VideoFacts } from '../film/probe.ts';
import type { Spherical } from '../film/spherical.ts';
import type { Container } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { Rational } from '../units.ts';
import type { TagsOfFile } from './carried-metadata.ts';
import type { ExactTimes } from './join-times.ts';
import type { MatroskaPlan } from './matroska-plan.ts';

/** A piece of the picture that was encoded. */
export type JoinPiece = {
  readonly path: string;
  /** Undefined for the last piece. */
  readonly durationSeconds: number | undefined;
};

/** What is joined into one file, and what is written into it. */
export type JoinPlan = {
  readonly pieces: readonly JoinPiece[];
  readonly source: string;
  readonly access: Access;
  /** The plan of the main picture, then of every other stream that goes into the rendition. */
  readonly streams: readonly StreamPlan[];
  readonly mainStream: number;
  /** The time of the first frame, from the source's start. */
  readonly firstSeconds: number;
  /** What is added to the source's times, which are counted from its start. */
  readonly sourceOffsetSeconds: number;
  /** The source's start by its own clock. */
  readonly sourceStartSeconds: number;
  readonly timescale: number;
  readonly exactTimes?: ExactTimes | undefined;
  readonly container: Container;
  /** The picture's sample entry in MP4 and MOV. */
  readonly tag: string;
  /** The length of fragments, if the file is to be streamed by Media Source Extensions. Such a file has no metadata. */
  readonly fragmentSeconds: number | undefined;
  readonly video: VideoFacts;
  /** The colours of the pieces, where their packets do not tell them to ffmpeg. */
  readonly colour?: Colour | undefined;
  readonly sar: Rational;
  readonly timecode: string | undefined;
  /** The name of the reel that the time code belongs to. */
  readonly reel?: string | undefined;
  /** The name of the handler of the track of time code in an MP4 or MOV. */
  readonly timecodeHandler?: string | undefined;
  /** What the source's times are multiplied by. */
  readonly timeFactor?: Rational | undefined;
  /** The spherical metadata, with the output's track numbers. */
  readonly spherical: Spherical | undefined;
  /** The boxes that describe the film, by the tracks of an MP4 or MOV; undefined where ffmpeg writes the source's tags. */
  readonly metadata: readonly MetadataBox[] | undefined;
  /** The languages of a movie's tracks that ffmpeg may not write, by the numbers of the tracks. */
  readonly languages?: ReadonlyMap<number, string>;
  /** The last packets of Opus in an MP4 of which a part is an encoder's padding, by the places of the tracks. */
  readonly opusEnds?: ReadonlyMap<number, LastPacket>;
  /** Chapters as ffmpeg's metadata file, where the source's own are no plain list. */
  readonly chapters?: string | undefined;
  /** Some of the source's own chapters have no title. */
  readonly hasUntitledChapters?: true | undefined;
  /** ffmpeg takes moments that a camera marked for chapters of the source, too. */
  readonly hasMarkedMoments?: true | undefined;
  /** How many of the chapters that ffmpeg reads are the film's; those behind them are of a longer list. */
  readonly chaptersRead?: number | undefined;
  /** Whether the joined file has chapters. */
  readonly hasChapters?: boolean;
  /** MP4's box for the part of the picture that is shown. */
  readonly clap?: Buffer | undefined;
  /** Apple's boxes for a projection and for eyes, in an MP4 or MOV. */
  readonly spatial?: readonly Buffer[];
  /** MOV's box for the order of the fields, where the frames hold two. */
  readonly fiel?: Buffer | undefined;
  /** Boxes for the mastering display and the light levels, where the picture's stream does not state them. */
  readonly light?: readonly Buffer[] | undefined;
  /** What the headers of an MP4's tracks say besides their lengths, by the numbers of the tracks. */
  readonly headers?: WantedHeaders;
  /** What is written into a Matroska file after ffmpeg; its attachments are written then, too. */
  readonly matroska?: MatroskaPlan | undefined;
  /** Whether no stream begins before 0 except by the delay of Opus. */
  readonly onlyOpusIsEarly?: boolean;
  /** The tags of the source that do not hold for the rendition, and its time of creation. */
  readonly tags: TagsOfFile;
  /** What belongs to single pictures of the source and goes into the rendition's. */
  readonly notes?: WantedNotes | undefined;
  readonly output: string;
};

type WantedNotes = {
  readonly kinds: readonly NoteKind[];
  /** Whether each picture of the source became two. */
  readonly isTwice?: true | undefined;
  readonly codec: string;
  readonly index: FrameTimes;
  readonly dolbyVision: DolbyVision | undefined;
};
