import { priorities } from '../../app/intake/priorities.ts';
import { asAskedNow, type DropPorts, takeDrop } from '../../app/intake/take-drop.ts';
import type { FilmsAtOnce } from '../../core/dispatch/films-at-once.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { listenForDrops } from '../../runtime/local-drops.ts';
import type { LocalPorts } from '../../runtime/local-ports.ts';
import { watchedMenu, whenMenuChanges } from '../../runtime/menu-in.ts';
import type { Teller } from '../telling/teller.ts';
import { printable } from '../terminal/printable.ts';
import { type WorkHere, workHere } from './work-here.ts';

type WatchedFolderOptions = {
  readonly local: LocalPorts;
  readonly teller: Teller;
  readonly signal: AbortSignal;
  /** Whether what is there now is all that is taken; it is begun when all of it is known. */
  readonly once: boolean;
  readonly remake: boolean | undefined;
  readonly films: FilmsAtOnce;
  /** Is called after a job has made something. */
  readonly onMade?: Parameters<typeof workHere>[0]['onMade'];
};

type WatchedFolder = {
  readonly here: WorkHere;
  /** The ports by which drops are taken. */
  readonly ports: DropPorts & ReturnType<typeof folderIntake>;
  menu(): Promise<Menu>;
  /** Takes drops and works on their jobs: those there now (`once`), or until the signal aborts. */
  watch(): Promise<void>;
};

/** Opens a folder as a bucket: what lies in `input/` becomes results in `output/`. */
export function watchedFolder(root: string, options: WatchedFolderOptions): WatchedFolder {
  const { local, teller, signal, once, remake, films, onMade } = options;
  const menu = watchedMenu(root, teller.say);
  const intake = folderIntake(local, { sources: root, outputs: root }, menu);
  const here = workHere({
    local,
    teller,
    signal,
    menu,
    ifBusy: 'leave',
    isHeld: once,
    remake,
    films,
    ...(onMade && { onMade }),
    priorities: (jobs) => priorities(jobs, intake),
    atItsTurn: (job) => asAskedNow(job, ports),
  });
  const ports = { ...intake, send: here.send };
  const refused = new Set<string>();
  let taking = Promise.resolve();
  const onDrop = ({ key }: { readonly key: string }) => {
    taking = taking.then(() => (signal.aborted ? undefined : take(key, ports, { here, teller, refused })));
  };
  const takeRefusedAgain = () => {
    for (const key of refused) onDrop({ key });
  };
  return {
    here,
    ports,
    menu,
    async watch() {
      if (!once) whenMenuChanges(root, signal, takeRefusedAgain);
      await listenForDrops(root, once, { signal, onDrop, report: teller.say }).catch(unlessStopped(signal));
      await taking;
      here.start();
      await here.idle();
    },
  };
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
    if (taken.jobs.length > 1) teller.tellRecipes();
    for (const { id, source, reason } of taken.left)
      teller.say(`${printable(source)}: failed before (${printable(reason)}); reelmill retry ${id.slice(0, 12)}`);
  } catch (error) {
    here.fail(key, error);
  }
}

const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};
