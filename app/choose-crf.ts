import type { Quality } from '../core/manifest.ts';
import type { RenditionSpec } from '../core/recipes/recipe.ts';
import type { Settings } from '../core/recipes/settings.ts';
import type { Work } from './work.ts';

export type ChosenCrf = {
  readonly settings: Partial<Settings>;
  readonly projected: number | undefined;
  /** Settings to encode with again, where the finished file missed the target; undefined where it is accepted. */
  correct(measured: Quality): Partial<Settings> | undefined;
};

export async function chooseCrf(_rendition: RenditionSpec, { settings }: Work): Promise<ChosenCrf> {
  return { settings, projected: undefined, correct: () => undefined };
}
