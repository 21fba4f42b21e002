import { type Manifest, manifestFrom } from '../core/job/manifest.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { JobRequest } from './job-request.ts';

export const manifestKey = (request: Pick<JobRequest, 'outputPrefix'>) => `${request.outputPrefix}/manifest.json`;

/** The manifest published last, if there is one that can be read. */
export async function publishedManifest(
  request: Pick<JobRequest, 'outputPrefix'>,
  { outputs }: Pick<Ports, 'outputs'>,
): Promise<Manifest | undefined> {
  const bytes = await outputs.read(manifestKey(request));
  return bytes && manifestFrom(bytes);
}
