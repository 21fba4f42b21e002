import type { PixelFormatChoice } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';
import type { ColourPlan } from '../filters/colour.ts';
import type { Settings } from '../settings/settings.ts';
import type { EncodeCommon } from './encode-common.ts';
import type { CodecOptions } from './wishes.ts';

/** What a codec's arm may ask of the rendition it is to make. */
export type CodecInput = {
  readonly rendition: CodecOptions;
  readonly settings: Partial<Settings>;
  readonly video: VideoFacts;
  readonly framesPerSecond: number;
};

/**
 * All facts of one codec, in one place: a new one is one file and one line in the table. `Own` is what its encoder is told
 * besides what all are, and a part of the pieces' keys.
 */
export type Codec<Own> = {
  /** ffmpeg's name of the encoder; the ffmpeg that has it is taken. */
  readonly encoder: string;
  /** The library behind it whose version shapes the bytes and that ffmpeg's own version does not tell. */
  readonly library?: 'libx264' | 'libx265';
  /** Of a graphics card's: the codec in whose stead it can be asked for. */
  readonly insteadOf?: string;
  /** Where that encoder comes from, for those who lack it. */
  readonly comesWith: string;
  /** For people: "re-encoded as HEVC". */
  readonly title: string;
  /** ffprobe's name of what comes out. */
  readonly decodesAs: string;
  /** The sides are padded up to multiples of this; undefined: to what the chroma needs. */
  readonly block: number | undefined;
  /** Its encoder takes no picture with a shorter side. What a graphics card refuses differs from card to card: 1 there. */
  readonly smallestSide: number;
  /** Four characters of the sample entry in MP4 and MOV. */
  tag(spec: Own & EncodeCommon): string;
  /** What RFC 6381 calls it: a rendition that says otherwise is not published. */
  codecString(spec: Own & EncodeCommon): RegExp;
  /** Why such a picture cannot be made of this source at all, and what can hold it. */
  refusal?(source: VideoFacts): string | undefined;
  /** The encoder's own settings for a rendition. */
  settings(input: CodecInput): Own;
  pixelFormat(source: VideoFacts, settings: Own): PixelFormatChoice;
  /** What the encoder calls the planes it is given. */
  encoderFormat(spec: Own & EncodeCommon): string;
  /** What its decoder gives back, where that is called otherwise than what the encoder got. */
  decodedFormat(spec: Own & EncodeCommon): string;
  colour(source: VideoFacts): ColourPlan;
  /** HDR's mastering display and light levels are carried. */
  readonly carriesHdr: boolean;
  /** `-c:v` and what follows it. */
  arguments(spec: Own & EncodeCommon): readonly string[];
  /** Million pixels a second and vCPU, measured: docs/benchmarks.md, "speed by codec". */
  speed(spec: Own & EncodeCommon): number;
  /** Bits a pixel at most likely: sizes are predicted by it. */
  bitsPerPixel(spec: Own & EncodeCommon): number;
};
