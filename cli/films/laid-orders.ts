import type { LaidOrder } from '../../app/intake/placing.ts';
import { usage } from '../../core/errors.ts';
import type { Layout } from '../../core/job/drop.ts';
import type { Menu, Order } from '../../core/recipes/menu.ts';

/** What `--layout` takes. */
export const LAYOUTS: readonly string[] = ['files', 'folders'] satisfies readonly Layout[];

/**
 * Returns the orders with the layout of their results: that of `--layout`, or by default `folders` for recipes with
 * playlists, whose files belong together, and `files` for all others. Throws `usage` for another layout.
 */
export function laidOrders(
  orders: readonly Order[],
  layout: Layout | undefined,
  { recipes }: Menu,
): readonly LaidOrder[] {
  if (layout !== undefined && !LAYOUTS.includes(layout))
    throw usage(`--layout ${String(layout)} is not a layout; there are: ${LAYOUTS.join(', ')}`);
  return orders.map((order) => ({
    ...order,
    layout: layout ?? (order.recipe.streams ? 'folders' : 'files'),
    rank: recipes.findIndex(({ id }) => id === order.recipe.id),
  }));
}
