import type { PublishedFile } from '../core/job/job.ts';
import { filesOf, type Manifest } from '../core/job/manifest.ts';
import { keyAt } from '../core/job/result-place.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { JobRequest } from './job-request.ts';

/** Files by their path in the manifest, without those that no longer exist. */
export type FilesNow = ReadonlyMap<string, PublishedFile>;

/**
 * Returns every file of a manifest as it is now. A file of the recorded size and time is taken as unchanged; any other is
 * hashed.
 */
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

/** Whether every file is as it was published. */
export const allAsPublished = (manifest: Manifest, now: FilesNow): boolean =>
  filesOf(manifest).every(({ path, sha256 }) => now.get(path)?.sha256 === sha256);

/** Fetches an output and returns its SHA-256. */
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
