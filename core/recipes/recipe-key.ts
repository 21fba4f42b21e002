import { createHash } from 'node:crypto';
import type { CodecName } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { Settings } from '../settings/settings.ts';
import type { Recipe } from './recipe.ts';

/** Versions of all that shapes a codec's bytes; under `ocr`, of what reads subtitles. */
export type ToolsByCodec = ReadonlyMap<CodecName | 'ocr', Readonly<Record<string, string>>>;

/** With the source's hash, all that decides what a drop becomes: if both are as they were, nothing is to be done. */
export function recipeKey(
  { id, neverLarger }: Recipe,
  renditions: readonly RenditionSpec[],
  settings: Partial<Settings>,
  tools: ToolsByCodec,
): string {
  // when something is made does not change what it becomes
  const { onDemandBelow: _, ...shaping } = settings;
  const sorted = Object.entries(shaping).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([id, renditions, neverLarger, sorted, [...tools].sort(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('hex');
}
