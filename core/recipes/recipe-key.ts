import { createHash } from 'node:crypto';
import type { CodecName } from '../codecs/index.ts';
import { renditionInKeys } from '../codecs/names-in-keys.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { Settings } from '../settings/settings.ts';
import type { Recipe } from './recipe.ts';

/** The versions of all tools that determine a codec's bytes; under `ocr`, those of the tool that reads subtitles. */
export type ToolsByCodec = ReadonlyMap<CodecName | 'ocr', Readonly<Record<string, string>>>;

/** The keys of a recipe under some settings. New manifests get `now`; a manifest with either key is up to date. */
export type RecipeKeys = readonly [now: string, before: string];

/**
 * Returns the recipe's keys. If the key and the source's hash are unchanged, nothing has to be made. Versions of tools are
 * not part of the key, or each security patch would remake an archive. The languages that tesseract can read are, because a
 * new one reads subtitles that could not be read before. Manifests of earlier versions have a key with versions (`before`).
 */
export function recipeKeys(
  { id, neverLarger }: Recipe,
  renditions: readonly RenditionSpec[],
  settings: Partial<Settings>,
  tools: ToolsByCodec,
): RecipeKeys {
  // onDemandBelow decides when a rendition is made, and keepSource what lies beside it, not what it becomes
  const { onDemandBelow: _, keepSource: __, codec, ...others } = settings;
  const shaping = codec === undefined || codec === 'hevc' ? others : { ...others, codec }; // HEVC is what nothing asks for
  const sorted = Object.entries(shaping).sort(([a], [b]) => (a < b ? -1 : 1));
  const shape = [id, renditions.map(renditionInKeys), neverLarger, sorted] as const;
  const byCodec = [...tools].sort(([a], [b]) => (a < b ? -1 : 1));
  return [hashOf([...shape, { languages: tools.get('ocr')?.languages }]), hashOf([...shape, byCodec])];
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
