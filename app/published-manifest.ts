import { type Manifest, manifestSchema } from '../core/job/manifest.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { JobRequest } from './job-request.ts';

export const manifestKey = (request: Pick<JobRequest, 'outputPrefix'>) => `${request.outputPrefix}/manifest.json`;

/** Returns the manifest that was published last, if it can be read. */
export async function publishedManifest(
  request: Pick<JobRequest, 'outputPrefix'>,
  { outputs }: Pick<Ports, 'outputs'>,
): Promise<Manifest | undefined> {
  const bytes = await outputs.read(manifestKey(request));
  if (!bytes) return undefined;
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // an incomplete manifest, or one of another program, counts as none
  }
}
