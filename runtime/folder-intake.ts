import { folderInbox } from '../adapters/local/folder-inbox.ts';
import { folderStore } from '../adapters/local/folder-store.ts';
import { inProcessDispatcher } from '../adapters/local/in-process-dispatcher.ts';
import { systemClock } from '../adapters/shared/system-clock.ts';
import { FOLDER_RULES } from '../core/job/intake-rules.ts';
import type { Job } from '../core/job/job.ts';
import type { Menu } from '../core/recipes/menu.ts';
import type { LocalPorts } from './local-ports.ts';

/** The ports that make jobs of files. Sources are in one folder and results in another, which may be the same. */
export function folderIntake(
  { jobs, demand, once, notifier }: LocalPorts,
  places: NonNullable<Job['places']>,
  menu: () => Promise<Menu>,
) {
  return {
    jobs,
    demand,
    once,
    notifier,
    places,
    menu,
    clock: systemClock,
    inbox: folderInbox(folderStore(places.sources)),
    store: places.outputs,
    rules: FOLDER_RULES,
    refusals: folderStore(places.outputs),
  };
}

/** A dispatcher that runs jobs in this process. */
export const localDispatcher = (
  work: (job: Job) => Promise<void>,
  options: Pick<Parameters<typeof inProcessDispatcher>[1], 'mayBegin' | 'report' | 'priorities' | 'isHeld'>,
) => inProcessDispatcher(work, { ...options, clock: systemClock });
