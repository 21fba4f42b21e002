import { join, resolve } from 'node:path';
import { priorities } from '../../app/priorities.ts';
import { asAskedNow, type DropPorts, takeDrop } from '../../app/take-drop.ts';
import { ServiceError } from '../../core/errors.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { listenForDrops } from '../../runtime/local-drops.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { menuIn } from '../../runtime/menu-in.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { interruptSignal } from '../interrupt.ts';
import { printable } from '../printable.ts';
import { newTeller, type Teller } from '../teller.ts';
import { type WorkHere, workHere } from '../work-here.ts';

export type WatchCommandOptions = {
  readonly once?: boolean;
  readonly work?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
};

/**
 * Runs jobs of a folder, one after the other with the whole machine, the waiting job with the highest priority first. Returns
 * the exit code of the first failure with --once, otherwise 0.
 */
export async function watch(folder: string, options: WatchCommandOptions): Promise<number> {
  const root = resolve(folder);
  const { once = false } = options;
  const signal = interruptSignal();
  const teller = newTeller({ json: options.json ?? false });
  const local = await openLocal(workFolderOf(root, options.work, teller.say), signal, teller.say, root);
  const menu = () => menuIn(root);
  const intake = folderIntake(local, { sources: root, outputs: root }, menu);
  const here = workHere({
    local,
    teller,
    signal,
    menu,
    ifBusy: 'leave',
    isHeld: once,
    remake: options.remake,
    priorities: (jobs) => priorities(jobs, intake),
    atItsTurn: (job) => asAskedNow(job, ports),
  });
  const ports: DropPorts = { ...intake, send: here.send };
  let taking = Promise.resolve();
  const onDrop = ({ key }: { readonly key: string }) => {
    taking = taking.then(() => (signal.aborted ? undefined : take(key, ports, { here, teller })));
  };
  try {
    if (!once) teller.say(`watching ${printable(join(root, 'input'))}/<recipe>/; Ctrl-C ends`);
    await listenForDrops(root, once, { signal, onDrop, report: teller.say }).catch(unlessStopped(signal));
    await taking;
    here.start();
    await here.idle();
  } finally {
    teller.end();
    await local.close();
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode;
  return once ? here.exitCode() : 0;
}

type TakeContext = { readonly here: WorkHere; readonly teller: Teller };

async function take(key: string, ports: DropPorts, { here, teller }: TakeContext): Promise<void> {
  try {
    const taken = await takeDrop(key, ports);
    if (taken.outcome === 'refused') here.fail(key, taken.failure);
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
