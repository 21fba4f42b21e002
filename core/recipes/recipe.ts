import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { SettingName, Settings } from '../settings/settings.ts';
import type { UsableModel } from '../upscale/usable-model.ts';

/** One of a recipe's renditions: the one that a setting names, unless the quality that is asked for has another. */
export type Choice = {
  readonly oneBy: 'profile' | 'codec';
  /** By the rendition that is named and the quality that it is not made in: which one is, or why none can be. */
  readonly otherwise?: Readonly<Record<string, Partial<Record<Settings['quality'], Other>>>>;
};

type Other = { readonly make: string } | { readonly refuse: string };

export type Recipe = {
  readonly id: string;
  readonly summary: string;
  readonly renditions: readonly RenditionSpec[];
  /**
   * Which of the renditions a drop gets: all, the rungs that its source is large enough for, all, enlarged as its settings
   * have it, or the one that its settings choose.
   */
  readonly makes: 'all' | 'rungs' | 'enlarged' | Choice;
  /** The settings it takes, and what they are if nobody says. */
  readonly settings: readonly SettingName[];
  readonly defaults: Partial<Settings>;
  /** Networks beside those that are listed: what a user registered. */
  readonly ownModels?: readonly UsableModel[];
  /** Where its CRF may lie, if elsewhere than in most recipes: lowest and highest. */
  readonly crfRange?: readonly [number, number];
  /** What its work needs where machines are rented for it: a network needs a graphics card. */
  readonly compute: 'cpu' | 'gpu';
  /**
   * Its work beside one x265 encode of the source's picture. ProRes and HAP were measured (docs/benchmarks.md, "speed by
   * codec"); what makes several renditions is as much more as its pixels are.
   */
  readonly work: number;
  /** Publish the source's own bytes where the rendition would be larger. */
  readonly neverLarger: boolean;
  /** A rendition that was replaced by hand stays, and what is made from it follows it. */
  readonly keepsEdits?: boolean;
  /** Its renditions are made anew by other versions of the tools; otherwise they stay as they are. */
  readonly remakeOn?: 'tools';
  /** The source has to say that it is an equirectangular sphere. */
  readonly spheres?: boolean;
  /** Thumbnails are made of the smallest rendition, and playlists that point into all. */
  readonly streams?: boolean;
};
