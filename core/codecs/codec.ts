import type { VideoFacts } from '../film/probe.ts';
import type { ColourPlan } from '../filters/colour.ts';
import type { PixelFormatChoice } from '../filters/pixel-format.ts';
import type { CodecName, CodecSettings } from '../settings/codec-settings.ts';
import type { Container, RenditionSpec } from '../settings/rendition-spec.ts';
import type { Settings } from '../settings/settings.ts';
import type { SpecOf } from './encode-spec.ts';

/** What a codec's arm may ask of the rendition it is to make. */
export type CodecInput = {
  readonly rendition: RenditionSpec;
  readonly settings: Partial<Settings>;
  readonly video: VideoFacts;
  readonly framesPerSecond: number;
};

/** All facts of one codec, in one place: a new one is one file and one line in the table. */
export type Codec<Name extends CodecName> = {
  /** ffmpeg's name of the encoder; the ffmpeg that has it is taken. */
  readonly encoder: string;
  /** Where that encoder comes from, for those who lack it. */
  readonly comesWith: string;
  /** For people: "re-encoded as HEVC". */
  readonly title: string;
  /** ffprobe's name of what comes out. */
  readonly decodesAs: string;
  readonly containers: readonly Container[];
  /** Every picture is a keyframe. */
  readonly intraOnly: boolean;
  /** The sides are padded up to multiples of this; undefined: to what the chroma needs. */
  readonly block: number | undefined;
  /** Its encoder takes no picture with a shorter side. What a graphics card refuses differs from card to card: 1 there. */
  readonly smallestSide: number;
  /** Four characters of the sample entry in MP4 and MOV. */
  tag(spec: SpecOf<Name>): string;
  /** What RFC 6381 calls it: a rendition that says otherwise is not published. */
  codecString(spec: SpecOf<Name>): RegExp;
  /** The encoder's own settings for a rendition. */
  settings(input: CodecInput): CodecSettings[Name];
  pixelFormat(source: VideoFacts, settings: CodecSettings[Name]): PixelFormatChoice;
  /** What the encoder calls the planes it is given. */
  encoderFormat(spec: SpecOf<Name>): string;
  /** What its decoder gives back, where that is called otherwise than what the encoder got. */
  decodedFormat(spec: SpecOf<Name>): string;
  colour(source: VideoFacts): ColourPlan;
  /** HDR's mastering display and light levels are carried. */
  readonly carriesHdr: boolean;
  /** `-c:v` and what follows it. */
  arguments(spec: SpecOf<Name>): readonly string[];
  /** Million pixels a second and vCPU, measured: docs/benchmarks.md, "speed by codec". */
  speed(spec: SpecOf<Name>): number;
  /** Bits a pixel at most likely: sizes are predicted by it. */
  bitsPerPixel(spec: SpecOf<Name>): number;
};
