import type { Size } from '../film/frame-size.ts';
import type { Colour } from '../film/probe.ts';
import type { Rational } from '../units.ts';
import type { SourceEnlargement } from '../upscale/enlargement.ts';
import type { Diet } from './diet.ts';

/** What shapes the bytes of a rendition's pieces, whatever its codec. */
export type EncodeCommon = {
  readonly frameRate: string;
  readonly size: Size;
  readonly pixelFormat: string;
  readonly sar: Rational;
  readonly colour: Colour;
  readonly masterDisplay: string | undefined;
  readonly contentLight: string | undefined;
  /** ffmpeg's filter chain, one a line. */
  readonly filters: readonly string[];
  /** Between the filters and the encoder, a network that enlarges. */
  readonly enlarge?: SourceEnlargement;
  /** What lies on the disk between its steps. */
  readonly diet?: Diet;
  /** What the source's times are multiplied by; `frameRate` is that of the result. */
  readonly slower?: Rational;
  /** Frames on either side that the filters look at. */
  readonly margin: number;
  readonly tools: Readonly<Record<string, string>>;
};
