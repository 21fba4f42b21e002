import { ServiceError } from '../../core/errors.ts';
import { filesOf } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import type { JobWork } from '../encode/work.ts';
import { hashOfOutput } from '../published-files.ts';

type Refusing = Pick<JobWork, 'request' | 'ports' | 'before' | 'tracking'>;
type NewFile = { readonly path: string; readonly sha256: string };

/**
 * Throws `cannot-write` if a file would replace one that this job did not make. Only names outside of the job's own folder
 * can be taken by others.
 */
export async function refuseOthersFiles(files: readonly NewFile[], work: Refusing): Promise<void> {
  const [path] = await othersFiles(files, work);
  if (path === undefined) return;
  const { outputs } = work.ports;
  throw new ServiceError(
    'cannot-write',
    `${outputs.locate(keyAt(work.request, path))} was not made by this job and is not replaced; move it away, or choose another --out`,
  );
}

/**
 * Returns the paths at which somebody else's files are. A file with the same bytes is what an interrupted run of this job
 * left.
 */
export async function othersFiles(files: readonly NewFile[], work: Refusing): Promise<readonly string[]> {
  const { request, ports, before, tracking } = work;
  if (!request.films) return [];
  const published = (await ports.jobs.get(request.id))?.published.map(({ key }) => key) ?? [];
  const named = before ? filesOf(before.manifest).map(({ path }) => keyAt(request, path)) : [];
  const own = new Set([...published, ...named]);
  const others: string[] = [];
  for (const { path, sha256 } of files) {
    const key = keyAt(request, path);
    if (own.has(key) || key.startsWith(`${request.outputPrefix}/`) || !(await ports.outputs.head(key))) continue;
    if ((await hashOfOutput(key, ports, tracking.signal)) !== sha256) others.push(path);
  }
  return others;
}
