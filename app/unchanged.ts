import type { PublishedFile } from '../core/job/job.ts';
import { type Manifest, manifestSchema } from '../core/manifest.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { JobRequest } from './job-request.ts';

export const manifestKey = (request: Pick<JobRequest, 'outputPrefix'>) => `${request.outputPrefix}/manifest.json`;

/** The manifest published last, if there is one that can be read. */
export async function publishedManifest(request: JobRequest, { outputs }: Ports): Promise<Manifest | undefined> {
  const bytes = await outputs.read(manifestKey(request));
  if (!bytes) return undefined;
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // half a manifest of another program's is no manifest
  }
}

/**
 * Whether everything is there already: made from this source by this recipe, and every file as it was published. A file
 * whose size and time are as recorded is believed; any other is hashed again.
 */
export async function unchangedSince(
  asked: { readonly request: JobRequest; readonly sha256: string; readonly recipeKey: string },
  ports: Ports,
  signal: AbortSignal,
): Promise<{ readonly manifest: string; readonly published: readonly PublishedFile[] } | undefined> {
  const { request } = asked;
  const manifest = await publishedManifest(request, ports);
  if (!manifest || manifest.source.sha256 !== asked.sha256 || manifest.recipeKey !== asked.recipeKey) return undefined;
  const recorded = (await ports.jobs.get(request.id))?.published ?? [];
  const published: PublishedFile[] = [];
  for (const file of [...manifest.renditions, ...manifest.sidecars]) {
    const key = `${request.outputPrefix}/${file.path}`;
    const is = await sameFile({ key, ...file }, recorded, ports, signal);
    if (!is) return undefined;
    published.push(is);
  }
  return { manifest: manifestKey(request), published };
}

async function sameFile(
  file: { readonly key: string; readonly bytes: number; readonly sha256: string },
  recorded: readonly PublishedFile[],
  { outputs, media }: Ports,
  signal: AbortSignal,
): Promise<PublishedFile | undefined> {
  const { key, bytes, sha256 } = file;
  const there = await outputs.head(key);
  if (there?.bytes !== bytes) return undefined;
  const is: PublishedFile = { key, bytes, modifiedMs: there.modifiedMs, sha256 };
  const was = recorded.find((each) => each.key === key);
  if (was?.sha256 === sha256 && was.modifiedMs === there.modifiedMs) return is;
  const local = await outputs.fetch(key, signal);
  try {
    return (await media.hash(local.path, { signal, onProgress: () => {} })) === sha256 ? is : undefined;
  } finally {
    await local.release();
  }
}
