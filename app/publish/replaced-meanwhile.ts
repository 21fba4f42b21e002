import { keyAt } from '../../core/job/result-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { JobRequest } from '../job-request.ts';
import { manifestKey, publishedManifest } from '../published-manifest.ts';

/**
 * Returns what this very job made, if its source is gone because another process put the film in its place since the folder
 * was read.
 */
export async function replacedMeanwhile(
  request: JobRequest,
  { sources, outputs }: Pick<Ports, 'sources' | 'outputs'>,
): Promise<Replaced | undefined> {
  if (!request.replaces || (await sources.head(request.source))) return undefined;
  const manifest = await publishedManifest(request, { outputs });
  if (manifest?.source.path !== request.source || manifest.renditions.length === 0) return undefined;
  for (const { path, bytes } of manifest.renditions)
    if ((await outputs.head(keyAt(request, path)))?.bytes !== bytes) return undefined;
  return { status: 'unchanged', manifest: manifestKey(request), published: [] };
}

type Replaced = { readonly status: 'unchanged'; readonly manifest: string; readonly published: readonly [] };
