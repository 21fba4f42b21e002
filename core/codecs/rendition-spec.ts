import type { Fit } from '../film/frame-size.ts';
import type { Delivery } from '../settings/delivery.ts';
import type { Enlarge } from '../upscale/enlargement.ts';
import type { CodecName } from './index.ts';
import type { CodecOptions } from './wishes.ts';

/** One file a recipe makes, as data. What a drop's settings may change is named in the recipe's `settings`. */
export type RenditionSpec = CodecOptions & {
  /** Also the file's name, before its extension. */
  readonly name: string;
  /** The rendition it is made from, or "source". */
  readonly parent: string;
  /** Renditions above it, the nearest first, that it is made from once they were replaced by hand. */
  readonly follows?: readonly string[];
  readonly codec: CodecName;
  readonly delivery: Delivery;
  /** Never larger than what it is made from; by default as large. */
  readonly fit?: Fit;
  /** A network makes it larger than what it is made from. */
  readonly enlarge?: Enlarge;
};
