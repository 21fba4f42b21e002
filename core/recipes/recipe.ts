import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { CodecChoice } from '../settings/codec-setting.ts';
import type { SettingName, Settings } from '../settings/settings.ts';
import type { UsableModel } from '../upscale/usable-model.ts';

/** A choice of renditions: those that a setting names, or others for the quality that is asked for. */
export type Choice = {
  readonly oneBy: 'profile' | 'codec';
  /** For a named rendition and quality: which rendition has that quality instead, or why none has. */
  readonly otherwise?: Readonly<Record<string, Partial<Record<Settings['quality'], Other>>>>;
};

type Other = { readonly make: string } | { readonly refuse: string };

export type Recipe = {
  readonly id: string;
  readonly summary: string;
  readonly renditions: readonly RenditionSpec[];
  /**
   * Which of the renditions a drop gets: all of them, the rungs that are not larger than its source, all of them enlarged as
   * its settings ask, or those that its settings choose.
   */
  readonly makes: 'all' | 'rungs' | 'enlarged' | Choice;
  /** The settings that the recipe takes, and their defaults. */
  readonly settings: readonly SettingName[];
  readonly defaults: Partial<Settings>;
  /** Networks that a user registered, in addition to those of core/upscale/models.ts. */
  readonly ownModels?: readonly UsableModel[];
  /** The lowest and highest CRF, if they differ from those of most recipes. */
  readonly crfRange?: readonly [number, number];
  /** What its setting `codec` takes, if not HEVC or AV1. */
  readonly codecs?: CodecChoice;
  /** What the recipe needs of rented machines: a network needs a graphics card. */
  readonly compute: 'cpu' | 'gpu';
  /**
   * Its work, as a multiple of one x265 encode of the source's picture. ProRes and HAP were measured (docs/benchmarks.md,
   * "speed by codec"); the work of several renditions is proportional to their pixels.
   */
  readonly work: number;
  /** Publish the source's own bytes where the rendition would be larger. */
  readonly neverLarger: boolean;
  /** Whether a rendition that was replaced by hand is kept, and the renditions below it are made from it. */
  readonly keepsEdits?: boolean;
  /** Whether new versions of the tools make renditions anew; otherwise they stay as they are. */
  readonly remakeOn?: 'tools';
  /** Whether the source's metadata has to say that it is an equirectangular sphere. */
  readonly spheres?: boolean;
  /** Whether thumbnails are made of the smallest rendition, and playlists of all renditions. */
  readonly streams?: boolean;
};
