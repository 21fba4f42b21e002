import type { RenditionSpec } from '../recipes/recipe.ts';
import type { Settings } from '../recipes/settings.ts';

/** What a segment passes through on the disk between its source and its final piece. */
export type Diet = {
  /** The filtered picture, before the network. */
  readonly pre: Exclude<Settings['pre'], 'stream'> | undefined;
  /** The enlarged picture, before the final encoder. */
  readonly mezzanine: Exclude<Settings['mezzanine'], 'none'> | undefined;
};

/** What settings ask for, where it is anything. A mezzanine that is kept is a rendition of its own. */
export function dietOf(settings: Partial<Settings>, { delivery }: Pick<RenditionSpec, 'delivery'>): { diet?: Diet } {
  const { pre: asked = 'stream', mezzanine: wanted = 'none' } = settings;
  const pre = asked === 'stream' ? undefined : asked;
  const mezzanine = wanted === 'none' || delivery === 'edit' ? undefined : wanted;
  return pre || mezzanine ? { diet: { pre, mezzanine } } : {};
}
