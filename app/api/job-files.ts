import type { Caller } from '../../core/api/caller.ts';
import type { AnswerOf, BodyRead, QueryRead } from '../../core/api/routes.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import type { JobId } from '../../core/job/job.ts';
import { filesAndSources } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { priorities } from '../intake/priorities.ts';
import type { ApiPorts } from './api-ports.ts';
import { jobOf, manifestOf } from './jobs.ts';

/** How long an address works: a film is played to its end with it. */
const ADDRESS_MS = 6 * 3_600_000;

/** What lies beside the files that a manifest lists. */
const BESIDE: readonly string[] = ['manifest.json', 'report.html'];

/** Returns the address of a file that the job published. Throws `no-input` for any other path. */
export async function addressOfFile(
  id: JobId,
  { path, disposition = 'inline' }: QueryRead<'file'>,
  caller: Caller,
  ports: ApiPorts,
): Promise<AnswerOf<'file'>> {
  const job = await jobOf(id, caller, ports);
  const manifest = await manifestOf(job, ports);
  const key = keyAt(job, path);
  const isOurs =
    job.published.some((file) => file.key === key) ||
    (manifest && (BESIDE.includes(path) || filesAndSources(manifest).some((file) => file.path === path)));
  if (!isOurs) throw new ServiceError('no-input', `job ${id} has no file ${JSON.stringify(path)}`);
  const expiresMs = ports.clock.now() + ADDRESS_MS;
  return { url: await ports.addresses.sign(key, { disposition, expiresMs }), expiresMs };
}

/** Counts a use of a rendition, and returns the priority that the job has by it. Throws `usage` for an unknown rendition. */
export async function countUse(
  { job: id, rendition, kind }: BodyRead<'count'>,
  caller: Caller,
  ports: ApiPorts,
): Promise<AnswerOf<'count'>> {
  const job = await jobOf(id, caller, ports);
  const names = recipeNamed(job.recipe, (await ports.menu()).recipes).renditions.map(({ name }) => name);
  if (!names.includes(rendition)) throw usage(`${job.recipe} makes no "${rendition}"; there are: ${names.join(', ')}`);
  const uses = kind === 'view' ? { views: 1, downloads: 0 } : { views: 0, downloads: 1 };
  await ports.demand.count(job.outputPrefix, rendition, uses, ports.clock.now());
  const [priority = 0] = await priorities([job], ports);
  return { priority };
}
