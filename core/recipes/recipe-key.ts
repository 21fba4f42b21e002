import { createHash } from 'node:crypto';
import type { CodecName } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { Settings } from '../settings/settings.ts';
import type { Recipe } from './recipe.ts';

/** Versions of all that shapes a codec's bytes; under `ocr`, of what reads subtitles. */
export type ToolsByCodec = ReadonlyMap<CodecName | 'ocr', Readonly<Record<string, string>>>;

/** Of one recipe under some settings: the first is what manifests are given, either is taken for it. */
export type RecipeKeys = readonly [now: string, before: string];

/**
 * With the source's hash, all that decides what a drop becomes: if both are as they were, nothing is to be done. Versions
 * of tools play no part, or each of their security patches would make an archive anew; of what reads subtitles only the
 * languages do, for a further one reads what could not be read. Manifests from before that rule have a key with versions.
 */
export function recipeKeys(
  { id, neverLarger }: Recipe,
  renditions: readonly RenditionSpec[],
  settings: Partial<Settings>,
  tools: ToolsByCodec,
): RecipeKeys {
  // when something is made does not change what it becomes
  const { onDemandBelow: _, ...shaping } = settings;
  const sorted = Object.entries(shaping).sort(([a], [b]) => (a < b ? -1 : 1));
  const shape = [id, renditions, neverLarger, sorted] as const;
  const byCodec = [...tools].sort(([a], [b]) => (a < b ? -1 : 1));
  return [hashOf([...shape, { languages: tools.get('ocr')?.languages }]), hashOf([...shape, byCodec])];
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
