import type { Order } from '../core/recipes/menu.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/settings/settings.ts';

/** Returns how many renditions an order may make of a source. */
export const candidatesOf = ({ recipe, settings }: Order): number =>
  candidates(recipe, resolveSettings(recipe, settings)).length;
