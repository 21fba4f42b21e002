import type { FieldFirst, InterlacedPart } from '../fields/film-fields.ts';
import type { Size } from '../film/frame-size.ts';
import type { Colour, ShapedPart } from '../film/probe.ts';
import type { Rational } from '../units.ts';
import type { SourceEnlargement } from '../upscale/enlargement.ts';
import type { Intermediates } from './intermediates.ts';

/** The part of a spec that all codecs have. It determines the bytes of pieces. */
export type EncodeCommon = {
  readonly frameRate: string;
  readonly size: Size;
  readonly pixelFormat: string;
  readonly sar: Rational;
  readonly colour: Colour;
  readonly masterDisplay: string | undefined;
  readonly contentLight: string | undefined;
  /** The filters of ffmpeg's filter chain. */
  readonly filters: readonly string[];
  /** The interlaced parts of a film that has others too, in frames of the source. */
  readonly interlacedParts?: readonly InterlacedPart[];
  /** The parts of a film of which the shape of pixels changes midway, in frames of the source. */
  readonly shapedParts?: readonly ShapedPart[];
  /** Which field of each frame is the earlier one, where they are encoded as fields. */
  readonly fieldsFirst?: FieldFirst;
  /** How long the filtered source's ticks are, where they are shorter than the source's own. */
  readonly ticks?: string;
  /** A network that enlarges the picture, between the filters and the encoder. */
  readonly enlarge?: SourceEnlargement;
  /** The intermediates on the disk between the encode steps. */
  readonly intermediates?: Intermediates;
  /** What the source's times are multiplied by; `frameRate` is that of the result. */
  readonly timeFactor?: Rational;
  /** The number of frames before a segment that the filters need. */
  readonly margin: number;
  readonly tools: Readonly<Record<string, string>>;
};
