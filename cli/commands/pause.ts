import { letGoOn, pauseWork, resuming } from '../../runtime/pace.ts';
import { type TableOptions, workOf } from '../stage/job-table.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

/** Stops whatever works on a folder, now and from now on. */
export async function pause(options: Pick<TableOptions, 'work'>): Promise<number> {
  const work = workOf(options);
  const isNew = await pauseWork(work);
  say(`${printable(work)} ${isNew ? 'pauses' : 'is paused already'}; ${resuming(work)} lets it go on`);
  return 0;
}

/** Lets what works on a folder go on. Returns the exit code. */
export async function resume(options: Pick<TableOptions, 'work'>): Promise<number> {
  const work = workOf(options);
  const wasPaused = await letGoOn(work);
  say(`${printable(work)} ${wasPaused ? 'goes on' : 'was not paused'}`);
  return 0;
}
