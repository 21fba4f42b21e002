import type { Fit } from '../film/frame-size.ts';
import type { Enlarge } from '../upscale/enlargement.ts';
import type { CodecName, CodecSettings } from './codec-settings.ts';
import type { Settings } from './settings.ts';

export type Container = 'mp4' | 'mkv' | 'mov';

/**
 * What a rendition is for, which decides its container and what becomes of the other streams: `archive` keeps all,
 * `edit` too but in MOV, `stage` (VJ software) gets picture and PCM, `stream` picture and AAC in fragments, nothing that
 * tells where or by whom it was shot.
 */
export type Delivery = 'archive' | 'edit' | 'stage' | 'stream';

/** One file a recipe makes, as data. What a drop's settings may change is named in the recipe's `settings`. */
export type RenditionSpec = {
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
  readonly crf?: number;
  readonly keyframeSeconds?: number;
  /** Its grain is a part of the picture. */
  readonly film?: true;
  readonly profile?: CodecSettings['prores']['profile'];
  /** A network makes it larger than what it is made from. */
  readonly enlarge?: Enlarge;
  readonly texture?: CodecSettings['hap']['format'];
};

/** The container of a delivery; of an archive, the one that was asked for. */
export function containerOf(delivery: Delivery, settings: Partial<Settings>): Container {
  switch (delivery) {
    case 'archive':
      return settings.container ?? 'mp4';
    case 'edit':
    case 'stage':
      return 'mov';
    case 'stream':
      return 'mp4';
    default:
      return delivery satisfies never;
  }
}
