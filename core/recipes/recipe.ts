import type { SettingName, Settings } from './settings.ts';

/** The picture's encoder. Each arm holds all that is particular to one codec; core/encode turns it into arguments. */
export type VideoCodec = 'x265';

export type Container = 'mp4' | 'mkv';

/** One file a recipe makes, as data. What a drop's settings may change is named in the recipe's `settings`. */
export type RenditionSpec = {
  /** Also the file's name, before its extension. */
  readonly name: string;
  /** The rendition it is made from, or "source". */
  readonly parent: string;
  readonly codec: VideoCodec;
  /** A picture whose short side is larger is brought down to it; never enlarged. */
  readonly maxShortSide?: number;
};

export type Recipe = {
  readonly id: string;
  readonly summary: string;
  readonly renditions: readonly RenditionSpec[];
  /** The settings it takes, and what they are if nobody says. */
  readonly settings: readonly SettingName[];
  readonly defaults: Partial<Settings>;
  /** Publish the source's own bytes where the rendition would be larger. */
  readonly neverLarger: boolean;
};
