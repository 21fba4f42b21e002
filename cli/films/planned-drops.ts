import { basename, dirname, resolve } from 'node:path';
import { placeResults } from '../../app/intake/place-results.ts';
import { jobOfNamed } from '../../app/intake/take-drop.ts';
import { unrecordedNames } from '../../app/intake/unrecorded-names.ts';
import { type PlannedDrop, planDrop } from '../../app/plan/plan-drop.ts';
import { planFigures } from '../../app/plan/plan-figures.ts';
import { requestFor } from '../../app/request-for.ts';
import { usage } from '../../core/errors.ts';
import type { Layout } from '../../core/job/drop.ts';
import type { Menu, Order } from '../../core/recipes/menu.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { cores, openLocal, withTemporaryFolder } from '../../runtime/local-ports.ts';
import { placingPorts } from '../../runtime/placing-ports.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { laidOrders } from './laid-orders.ts';

const MOST = { fps: 1000, minutes: 100_000 };
const WHAT_A_PLAN_NEEDS = 'give a file, or all of --size 4096x1728 --fps 25 --minutes 128';

/** The options that name a source: a file is an argument, everything else stands for one that is not at hand. */
export type SourceOptions = {
  readonly size?: string;
  readonly fps?: string;
  readonly minutes?: string;
  readonly work?: string;
  readonly root?: string;
  readonly out?: string;
  readonly layout?: Layout;
  readonly remake?: boolean;
};

export type PlannedOrders = { readonly orders: readonly Order[]; readonly menu: Menu };

/** Plans each order for a file, or for figures where there is none. Throws what `planDrop` throws, and `usage`. */
export async function planOrders(
  file: string | undefined,
  { orders, menu }: PlannedOrders,
  options: SourceOptions,
  tell: (order: Order, planned: PlannedDrop) => void,
): Promise<void> {
  if (file !== undefined) return planFile(resolve(file), { orders, menu }, options, tell);
  const figures = figuresOf(options);
  for (const order of orders) tell(order, planFigures(figures, order, cores()));
}

/** Leaves nothing behind: if no work folder is named, a temporary one is used. */
async function planFile(
  path: string,
  { orders, menu }: PlannedOrders,
  { work, out, root, layout, remake = false }: SourceOptions,
  tell: (order: Order, planned: PlannedDrop) => void,
): Promise<void> {
  const signal = interruptSignal();
  const plan = async (folder: string) => {
    const local = await openLocal(folder, signal, () => {}, root);
    try {
      const places = { sources: dirname(path), outputs: out === undefined ? folder : resolve(out) };
      const intake = folderIntake(local, places, async () => menu);
      const ports = local.portsFor(places);
      const film = { path: basename(path), location: path };
      const placing = placingPorts(local, places.outputs, signal);
      const names = unrecordedNames(placing.names);
      const placed = await placeResults([film], laidOrders(orders, layout, menu), { ...placing, names });
      for (const order of placed.get(film) ?? []) {
        const job = await jobOfNamed(basename(path), order, intake);
        tell(order, await planDrop({ ...requestFor(job, menu), remake }, ports, signal));
      }
    } finally {
      await local.close();
    }
  };
  await (work === undefined ? withTemporaryFolder(plan) : plan(resolve(work)));
}

function figuresOf({ size, fps, minutes }: SourceOptions) {
  if (size === undefined || fps === undefined || minutes === undefined) throw usage(WHAT_A_PLAN_NEEDS);
  const [, width = 0, height = 0] = (/^(\d{1,5})[x:](\d{1,5})$/.exec(size) ?? []).map(Number);
  const ratio = parseRational(fps);
  const rate = ratio ? toNumber(ratio) : Number(fps);
  const length = Number(minutes);
  const wrong = [
    ...(width > 0 && height > 0 ? [] : [`--size is "${size}"`]),
    ...(rate > 0 && rate <= MOST.fps ? [] : [`--fps is "${fps}", of at most ${MOST.fps}`]),
    ...(length > 0 && length <= MOST.minutes ? [] : [`--minutes is "${minutes}", of at most ${MOST.minutes}`]),
  ];
  if (wrong.length > 0) throw usage(`${printable(wrong.join(', '))}; ${WHAT_A_PLAN_NEEDS}`);
  return { width, height, fps: rate, minutes: length };
}
