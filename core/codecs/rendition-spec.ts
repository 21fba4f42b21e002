import type { Fit } from '../film/frame-size.ts';
import type { Delivery } from '../settings/delivery.ts';
import type { Enlargement } from '../upscale/enlargement.ts';
import type { CodecOptions } from './codec-options.ts';
import type { CodecName } from './index.ts';

/** A file that a recipe makes. The recipe's `settings` name what a drop may change. */
export type RenditionSpec = CodecOptions & {
  /** The rendition's name, which is also the file's name without the extension. */
  readonly name: string;
  /** The rendition it is made from, or "source". */
  readonly parent: string;
  /** Larger renditions, the nearest first. If one was replaced by hand, this rendition is made from it. */
  readonly follows?: readonly string[];
  readonly codec: CodecName;
  /** Why it has this codec and not the one that was asked for, which cannot hold the picture. */
  readonly stays?: string;
  readonly delivery: Delivery;
  /** The largest size; a picture is never enlarged to it. Undefined keeps the size. */
  readonly fit?: Fit;
  /** The network that enlarges the picture. */
  readonly enlarge?: Enlargement;
};
