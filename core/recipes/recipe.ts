import type { RenditionSpec } from '../settings/rendition-spec.ts';
import type { SettingName, Settings } from '../settings/settings.ts';
import type { UsableModel } from '../upscale/usable-model.ts';

export type Recipe = {
  readonly id: string;
  readonly summary: string;
  readonly renditions: readonly RenditionSpec[];
  /**
   * Which of the renditions a drop gets: all, the one its settings name, the rungs that its source is large enough for, or
   * all, enlarged as its settings have it.
   */
  readonly makes: 'all' | 'one' | 'rungs' | 'enlarged';
  /** The settings it takes, and what they are if nobody says. */
  readonly settings: readonly SettingName[];
  readonly defaults: Partial<Settings>;
  /** Networks beside those that are listed: what a user registered. */
  readonly ownModels?: readonly UsableModel[];
  /** Where its CRF may lie, if elsewhere than in most recipes: lowest and highest. */
  readonly crfRange?: readonly [number, number];
  /** Publish the source's own bytes where the rendition would be larger. */
  readonly neverLarger: boolean;
  /** A rendition that was replaced by hand stays, and what is made from it follows it. */
  readonly keepsEdits?: boolean;
  /** The source has to say that it is an equirectangular sphere. */
  readonly spheres?: boolean;
  /** Thumbnails are made of the smallest rendition, and playlists that point into all. */
  readonly streams?: boolean;
};
