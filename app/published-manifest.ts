import { type Manifest, manifestFrom } from '../core/job/manifest.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { JobRequest } from './job-request.ts';

/** Returns the key of a job's manifest. */
export const manifestKey = (request: Pick<JobRequest, 'outputPrefix'>) => `${request.outputPrefix}/manifest.json`;

/** Returns the manifest that was published last, if it can be read. */
export async function publishedManifest(
  request: Pick<JobRequest, 'outputPrefix'>,
  { outputs }: { readonly outputs: Pick<ObjectStore, 'read'> },
): Promise<Manifest | undefined> {
  const bytes = await outputs.read(manifestKey(request));
  return bytes && manifestFrom(bytes);
}
