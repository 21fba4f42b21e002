import process from 'node:process';
import { letGoOn, pauseWork } from '../../runtime/pace.ts';
import { printable } from '../printable.ts';
import { type TableOptions, workOf } from './jobs.ts';

/** Stops whatever works on a folder, now and from now on. */
export async function pause(options: Pick<TableOptions, 'work'>): Promise<number> {
  const work = workOf(options);
  const isNew = await pauseWork(work);
  const resuming = `reelmill resume --work ${JSON.stringify(work)}`;
  process.stderr.write(`${printable(work)} ${isNew ? 'pauses' : 'is paused already'}; ${resuming} lets it go on\n`);
  return 0;
}

export async function resume(options: Pick<TableOptions, 'work'>): Promise<number> {
  const work = workOf(options);
  const wasPaused = await letGoOn(work);
  process.stderr.write(`${printable(work)} ${wasPaused ? 'goes on' : 'was not paused'}\n`);
  return 0;
}
