import type { PublishedFile } from '../core/job/job.ts';
import { filesOf, type Manifest } from '../core/job/manifest.ts';
import { keyAt } from '../core/job/result-place.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { JobRequest } from './job-request.ts';

/** By the path in the manifest; what is not there any more is not in it. */
export type FilesNow = ReadonlyMap<string, PublishedFile>;

/** Every file a manifest names, as it lies there now. One whose size and time are as recorded is believed; any other is hashed. */
export async function filesNow(
  manifest: Manifest,
  request: Pick<JobRequest, 'id' | 'outputPrefix'>,
  ports: Ports,
  signal: AbortSignal,
): Promise<FilesNow> {
  const recorded = (await ports.jobs.get(request.id))?.published ?? [];
  const now = new Map<string, PublishedFile>();
  for (const { path } of filesOf(manifest)) {
    const key = keyAt(request, path);
    const there = await ports.outputs.head(key);
    if (!there) continue;
    const was = recorded.find((each) => each.key === key);
    const same = was?.bytes === there.bytes && was.modifiedMs === there.modifiedMs;
    const sha256 = same ? was.sha256 : await hashOfOutput(key, ports, signal);
    now.set(path, { key, bytes: there.bytes, modifiedMs: there.modifiedMs, sha256 });
  }
  return now;
}

/** Whether every file is there as it was published. */
export const allAsPublished = (manifest: Manifest, now: FilesNow): boolean =>
  filesOf(manifest).every(({ path, sha256 }) => now.get(path)?.sha256 === sha256);

/** By its bytes, which are fetched for that. */
export async function hashOfOutput(
  key: string,
  { outputs, reader }: Pick<Ports, 'outputs' | 'reader'>,
  signal: AbortSignal,
): Promise<string> {
  const local = await outputs.fetch(key, signal);
  try {
    return await reader.hash(local.path, { signal, onProgress: () => {} });
  } finally {
    await local.release();
  }
}
