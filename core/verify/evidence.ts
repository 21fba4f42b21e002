import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { MatroskaDescription, WantedDescription } from '../description/matroska.ts';
import type { ChapterTime } from '../description/matroska-chapters.ts';
import type { MetadataBox, MetadataFate } from '../description/metadata.ts';
import type { MovieHeaders, WantedHeaders } from '../description/movie-headers.ts';
import type { FragmentMap } from '../film/fragments.ts';
import type { FrameTimes } from '../film/frame-index.ts';
import type { Probe, VideoFacts } from '../film/probe.ts';
import type { SharedTimes } from '../film/shared-times.ts';
import type { Spherical } from '../film/spherical.ts';
import type { NotesFound, StreamSurvey, Survey } from '../ports/film-reader.ts';
import type { QualityReport, WholeDecode } from '../ports/measurer.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { Rational } from '../units.ts';
import type { SoundEvidence } from './sound-checks.ts';

/** Times of frames, in seconds or ticks as their owner says. A reader may be lazy, since an array of a day-long film takes 20 MB. */
export type FrameTimesReader = Pick<Float64Array, 'length' | 'at'>;

/** The measurements of a rendition by which its checks are decided. */
export type Evidence = {
  readonly spec: EncodeSpec;
  readonly source: { readonly probe: Probe; readonly video: VideoFacts; readonly streams: readonly StreamSurvey[] };
  /** Presentation times of the source's frames in seconds from its start. */
  readonly seconds: FrameTimesReader;
  /** Presentation times of the source's frames in whole ticks of `timeBase`, counted from any origin. */
  /** The frames that are planned later than the source says, since another one has their time. */
  readonly moved?: SharedTimes | undefined;
  readonly ticks: { readonly times: FrameTimesReader; readonly timeBase: Rational };
  /** How long the last picture should be shown, where the source tells. */
  readonly lastSeconds?: number | undefined;
  /** When a loop begins in its source, in seconds, where that is not at 0. */
  readonly beginsAtSeconds?: number | undefined;
  /** When picture and sound of the source have ended, by its own packets, in seconds of the rendition. */
  readonly endsBySeconds?: number | undefined;
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
  readonly timecode: string | undefined;
  /** The name of the reel that is to stand in the file. */
  readonly reel?: string | undefined;
  /** The spherical metadata as planned, and as the file has it. */
  readonly spherical: { readonly wanted: Spherical; readonly found: Spherical | undefined } | undefined;
  /** The boxes by which an MP4 or MOV describes the film, as planned, and as the file has them; and what the manifest says of them. */
  readonly metadata: {
    readonly wanted: readonly MetadataBox[];
    readonly found: readonly MetadataBox[];
    readonly lines: readonly MetadataFate[];
    /** What the headers of tracks say, as planned, and as the file has them. */
    readonly headers?: { readonly wanted: WantedHeaders; readonly found: MovieHeaders | undefined };
  };
  /** What belongs to single pictures, as the source has it and as the file has it. */
  readonly notes?: { readonly wanted: readonly NotesFound[]; readonly found: readonly NotesFound[] } | undefined;
  /** The part of the picture that an MP4 or MOV shows, as planned, and as the file has it. */
  readonly clap?: { readonly wanted: Buffer; readonly found: Buffer | undefined } | undefined;
  /** Apple's boxes for a projection and for eyes, as planned, and as the file has them. */
  readonly spatial?: { readonly wanted: readonly Buffer[]; readonly found: readonly Buffer[] } | undefined;
  /** The mode of MP4's box for two eyes in one picture, where it was looked for. */
  readonly stereo?: number | undefined;
  /** How a file in Matroska describes the film, as planned, and as the file has it. */
  readonly matroska?:
    | { readonly wanted: WantedDescription; readonly found: MatroskaDescription | undefined }
    | undefined;
  /** When the chapters of a list that was written anew begin and end, as planned, and as the file has them. */
  readonly chapters?: { readonly wanted: readonly ChapterTime[]; readonly found: readonly ChapterTime[] } | undefined;
  readonly output: { readonly probe: Probe; readonly survey: Survey<FrameTimes> };
  /** Present for a rendition in fragments. */
  readonly stream: StreamEvidence | undefined;
  /** The picture's codecs parameter (RFC 6381). */
  readonly codecString: string;
  readonly decoded: Pick<WholeDecode, 'frames' | 'errors'>;
  /** Absent for lossless renditions at the source's size and colours, whose frames are compared instead. */
  readonly quality: QualityReport | undefined;
  /** Failures of a first attempt to gather the evidence. */
  readonly warnings?: readonly string[];
  /** The evidence about every converted sound. */
  readonly sounds: readonly SoundEvidence[];
  readonly lossless: { readonly equal: boolean; readonly detail: string } | undefined;
};

export type StreamEvidence = {
  readonly fragments: FragmentMap;
  /** The first time of the rendition that it was made from, where encoder delay puts it before 0: negative or 0. */
  readonly delaySeconds: number;
  /** The numbers of the frames that were planned as keyframes. */
  readonly keyframes: readonly number[];
};
