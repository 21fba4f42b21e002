import type { Fit, Size } from '../film/frame-size.ts';
import type { PixelFormatChoice } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';
import type { ColourPlan } from '../filters/colour.ts';
import type { Settings } from '../settings/settings.ts';
import type { CodecOptions } from './codec-options.ts';
import type { EncodeCommon } from './encode-common.ts';

/** What a codec's settings are derived from. */
export type CodecInput = {
  readonly rendition: CodecOptions;
  readonly settings: Partial<Settings>;
  readonly video: VideoFacts;
  readonly framesPerSecond: number;
  /** The size of the encoded picture, unless a network enlarges it. */
  readonly size: Size;
};

/** The properties of a rendition that decide whether a codec can hold it. */
export type RenditionShape = CodecOptions & { readonly fit?: Fit; readonly enlarge?: { readonly scale: number } };

/**
 * All facts of one codec. A new codec is one file, and one line in the table of index.ts. `Own` is the type of the codec's
 * own encoder settings, which are a part of the keys of pieces.
 */
export type Codec<Own> = {
  /** ffmpeg's name of the encoder. An ffmpeg that has this encoder is used. */
  readonly encoder: string;
  /** The encoder's library, if its version determines the bytes and ffmpeg's own version does not imply it. */
  readonly library?: 'libx264' | 'libx265' | 'libsvtav1';
  /** The codec of recipes in whose place a setting can ask for this one: of an encoder of a graphics card, and of AV1. */
  readonly insteadOf?: string;
  /** Where people can get the encoder. */
  readonly comesWith: string;
  /** The codec's name for people: "HEVC". */
  readonly title: string;
  /** ffprobe's name of the codec. */
  readonly decodesAs: string;
  /** The sides are padded to multiples of this; if undefined, to what the chroma needs. */
  readonly block: number | undefined;
  /** Whether transparency of the source can be kept. */
  readonly alpha: boolean;
  /** The shortest side that the encoder takes; 1 for graphics cards, whose limits differ. */
  readonly smallestSide: number;
  /** The four characters of the sample entry in MP4 and MOV. */
  tag(spec: Own & EncodeCommon): string;
  /** The pattern of the `codecs` parameter (RFC 6381). A rendition with another one is not published. */
  codecString(spec: Own & EncodeCommon): RegExp;
  /**
   * Why the codec cannot hold this source's picture; undefined if it can. The rendition is made in the codec that it would
   * stand in for; without one, it is refused, and the sentence says which codec can.
   */
  refusal?(source: VideoFacts, rendition: RenditionShape): string | undefined;
  /** The encoder's own settings for a rendition. */
  settings(input: CodecInput): Own;
  pixelFormat(source: VideoFacts, settings: Own): PixelFormatChoice;
  /** The encoder's name for the pixel format that it is given. */
  encoderFormat(spec: Own & EncodeCommon): string;
  /** The pixel format that the decoder returns, which may differ from the encoder's. */
  decodedFormat(spec: Own & EncodeCommon): string;
  colour(source: VideoFacts, settings: Own): ColourPlan;
  /** Whether it makes every picture one for all screens by itself: 4:2:0 in 8 bits, in SDR. */
  readonly isForAllScreens?: true;
  /** Whether the mastering display and light levels of HDR10 are kept. */
  readonly carriesHdr: boolean;
  /** Whether its stream has no place for them: the sample entry states them. */
  readonly hasHdrInBoxes?: true;
  /** Returns a mastering display as the encoder's stream can state it. Without this function it is stated as it is. */
  masterDisplay?(asItIs: string): string;
  /** Whether its keyframes lie at fixed distances and cannot be asked for elsewhere: a segment is cut where one is needed. */
  readonly countsKeyframes?: true;
  /** How many processors one encode uses; undefined where the encoder decides that by itself. */
  readonly processors?: number;
  /** Whether it can encode the fields of a frame apart, and says so in its stream. */
  readonly holdsFields?: true;
  /** ffmpeg's arguments for the encoder, from `-c:v` on. */
  arguments(spec: Own & EncodeCommon): readonly string[];
  /** The arguments of a second encoder of the same frames, if its packets are packed into one frame with those of the first. */
  besideArguments?(spec: Own & EncodeCommon): readonly string[] | undefined;
  /** Megapixels a second on one vCPU, measured (docs/benchmarks.md, "speed by codec"). */
  speed(spec: Own & EncodeCommon): number;
  /** The largest likely number of bits a pixel, from which sizes are predicted. */
  bitsPerPixel(spec: Own & EncodeCommon): number;
};
