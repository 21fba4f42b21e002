import { systemClock } from '../../adapters/shared/system-clock.ts';
import { USER_RECIPES_KEY } from '../../core/job/drop.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';
import { type Menu, SHIPPED } from '../../core/recipes/menu.ts';
import { userMenu } from '../../core/recipes/user-recipes.ts';

/** A changed recipes.json is used after this time at the latest. */
const FRESH_MS = 30_000;

/** Returns a function that gives the menu with what the bucket's recipes.json adds. The file is not read for every drop. */
export function bucketMenu(bucket: Pick<SmallObjects, 'read'>): () => Promise<Menu> {
  let known: { readonly untilMs: number; readonly menu: Menu } | undefined;
  return async () => {
    if (known && systemClock.now() < known.untilMs) return known.menu;
    const bytes = await bucket.read(USER_RECIPES_KEY);
    known = { untilMs: systemClock.now() + FRESH_MS, menu: bytes ? userMenu(bytes) : SHIPPED };
    return known.menu;
  };
}
