import { join } from 'node:path';
import type { Job } from '../core/job/job.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { LocalFolders, LocalPorts } from './local-ports.ts';

/**
 * Returns a function that gives a job its ports. Jobs of one source share theirs and read the source once. So many are kept: those of
 * the sources that are processed, and of the one that is read ahead.
 */
export function portsPerSource(
  local: Pick<LocalPorts, 'portsFor'>,
  mostKept: number,
): (job: { readonly source: string; readonly places?: JobFolders | undefined }) => Ports {
  const kept = new Map<string, Ports>();
  return ({ source, places }) => {
    if (!places) throw new Error(`the job of ${source} does not say where its files are`);
    const name = JSON.stringify([join(places.sources, source), places.outputs]);
    const ports = kept.get(name) ?? local.portsFor(places);
    kept.delete(name);
    kept.set(name, ports);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return ports;
  };
}

type JobFolders = Pick<LocalFolders, 'sources' | 'outputs'> & Pick<NonNullable<Job['places']>, 'root'>;
