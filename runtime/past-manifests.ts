import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, manifestFrom } from '../core/job/manifest.ts';
import type { JobStore } from '../core/ports/job-store.ts';

/** More teach nothing new. */
const MOST = 200;

/** Returns the manifests of the last jobs of a job table that are still there. */
export async function pastManifests(jobs: Pick<JobStore, 'list'>): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { state, places } of await jobs.list(MOST)) {
    if ((state.status !== 'done' && state.status !== 'unchanged') || !places) continue;
    const bytes = await readFile(join(places.outputs, state.manifest)).catch(() => undefined);
    const manifest = bytes && manifestFrom(bytes);
    if (manifest) manifests.push(manifest);
  }
  return manifests;
}
