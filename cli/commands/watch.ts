import { join, resolve } from 'node:path';
import { priorities } from '../../app/priorities.ts';
import { asAskedNow, type DropPorts, takeDrop } from '../../app/take-drop.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { scheduleOf } from '../../core/schedule.ts';
import { cacheLimit } from '../../runtime/cache-limit.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { listenForDrops, requireInput } from '../../runtime/local-drops.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { watchedMenu, whenMenuChanges } from '../../runtime/menu-in.ts';
import { keepPace } from '../../runtime/pace.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { interruptSignal } from '../interrupt.ts';
import { printable } from '../printable.ts';
import { newTeller, type Teller } from '../teller.ts';
import { type WorkHere, workHere } from '../work-here.ts';

export type WatchCommandOptions = {
  readonly once?: boolean;
  readonly schedule?: string;
  readonly work?: string;
  readonly cache?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

/**
 * Runs jobs of a folder, one after the other with the whole machine, the waiting job with the highest priority first. Returns
 * the exit code of the first failure with --once, otherwise 0.
 */
export async function watch(folder: string | undefined, options: WatchCommandOptions): Promise<number> {
  if (folder === undefined) throw usage('give the folder that has input/, or --library FOLDER with --recipe and --out');
  const schedule = options.schedule === undefined ? undefined : scheduleOf(options.schedule);
  const root = resolve(folder);
  const { once = false } = options;
  const signal = interruptSignal();
  await requireInput(root);
  const teller = newTeller(options);
  const work = workFolderOf(root, options.work, teller.say);
  const local = await openLocal(work, signal, teller.say, root);
  keepPace({ work, schedule, signal, report: teller.say });
  const menu = watchedMenu(root, teller.say);
  const intake = folderIntake(local, { sources: root, outputs: root }, menu);
  const keepSmall = cacheLimit(work, local, options.cache);
  const here = workHere({
    local,
    teller,
    signal,
    menu,
    ifBusy: 'leave',
    isHeld: once,
    remake: options.remake,
    onMade: keepSmall,
    priorities: (jobs) => priorities(jobs, intake),
    atItsTurn: (job) => asAskedNow(job, ports),
  });
  const ports: DropPorts = { ...intake, send: here.send };
  const refused = new Set<string>();
  let taking = Promise.resolve();
  const onDrop = ({ key }: { readonly key: string }) => {
    taking = taking.then(() => (signal.aborted ? undefined : take(key, ports, { here, teller, refused })));
  };
  const takeRefusedAgain = () => {
    for (const key of refused) onDrop({ key });
  };
  try {
    if (!once) whenMenuChanges(root, signal, takeRefusedAgain);
    if (!once) teller.say(`watching ${printable(join(root, 'input'))}/<recipe>/; Ctrl-C ends`);
    await listenForDrops(root, once, { signal, onDrop, report: teller.say }).catch(unlessStopped(signal));
    await taking;
    here.start();
    await here.idle();
  } finally {
    teller.end(once ? { reports: undefined, work: undefined } : undefined);
    await local.close();
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode;
  return once ? here.exitCode() : 0;
}

type TakeContext = {
  readonly here: WorkHere;
  readonly teller: Teller;
  /** The drops that could not be taken, which another recipes.json may allow. */
  readonly refused: Set<string>;
};

async function take(key: string, ports: DropPorts, { here, teller, refused }: TakeContext): Promise<void> {
  try {
    const taken = await takeDrop(key, ports);
    refused.delete(key);
    if (taken.outcome === 'refused') {
      refused.add(key);
      here.fail(key, taken.failure);
    }
    if (taken.outcome !== 'sent' && taken.outcome !== 'known') return;
    for (const { id, source, reason } of taken.left)
      teller.say(`${printable(source)}: failed before (${printable(reason)}); reelmill retry ${id.slice(0, 12)}`);
  } catch (error) {
    here.fail(key, error);
  }
}

const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};
