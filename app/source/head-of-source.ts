import { ServiceError } from '../../core/errors.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { JobRequest } from '../job-request.ts';

/**
 * Returns the store's facts about a job's source. Where the key is not a file, fetching it throws the reason. Throws
 * `no-input`.
 */
export async function headOfSource(
  { source }: JobRequest,
  { sources }: Pick<Ports, 'sources'>,
  signal: AbortSignal,
): Promise<ObjectInfo> {
  const head = await sources.head(source);
  if (head) return head;
  const { release } = await sources.fetch(source, signal);
  await release();
  throw new ServiceError('busy', `${source} came while it was being looked for; the next run finds it`);
}
