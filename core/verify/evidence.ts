import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { FragmentMap } from '../film/fragments.ts';
import type { FrameTimes } from '../film/frame-index.ts';
import type { Probe, VideoFacts } from '../film/probe.ts';
import type { Spherical } from '../film/spherical.ts';
import type { QualityReport, StreamSurvey, Survey } from '../ports/media.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { Rational } from '../units.ts';
import type { SoundEvidence } from './sound-checks.ts';

/** Of frames; of a day of film an array of them all would be 20 MB. */
export type Seconds = Pick<Float64Array, 'length' | 'at'>;

/** What was found out about a rendition before it may be published. */
export type Evidence = {
  readonly spec: EncodeSpec;
  readonly source: { readonly probe: Probe; readonly video: VideoFacts; readonly streams: readonly StreamSurvey[] };
  /** Presentation times of the source's frames in seconds from its start. */
  readonly seconds: Seconds;
  /** The same in whole ticks of a clock, from anywhere. */
  readonly ticks: { readonly times: Seconds; readonly timeBase: Rational };
  /** How long the last picture is to be shown, where the source tells. */
  readonly lastSeconds?: number | undefined;
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
  readonly timecode: string | undefined;
  /** What tells players that it is a sphere, as it was to be and as the file has it. */
  readonly spherical: { readonly wanted: Spherical; readonly found: Spherical | undefined } | undefined;
  readonly output: { readonly probe: Probe; readonly survey: Survey<FrameTimes> };
  /** Of a rendition in fragments. */
  readonly stream: StreamEvidence | undefined;
  /** RFC 6381's, of the picture. */
  readonly codecString: string;
  readonly decoded: { readonly frames: number; readonly errors: readonly string[] };
  /** Absent where the frames themselves were compared. */
  readonly quality: QualityReport | undefined;
  /** What went wrong at first while it was gathered. */
  readonly warnings?: readonly string[];
  /** Of every sound that was converted. */
  readonly sounds: readonly SoundEvidence[];
  readonly lossless: { readonly equal: boolean; readonly detail: string } | undefined;
};

export type StreamEvidence = {
  readonly fragments: FragmentMap;
  /** By how much what it was made from begins before 0, as encoder delay has it: negative, or 0. */
  readonly delaySeconds: number;
  /** The segments it was made of: frames at which they begin, and a keyframe every so many from there. */
  readonly starts: readonly number[];
  readonly keyframeEvery: number;
};
