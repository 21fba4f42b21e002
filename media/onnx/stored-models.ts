import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import { readModel } from './read-model.ts';

/** Where models lie that do not ship, and a folder of this machine that all tasks on it share. */
export type StoredModels = { readonly store: Pick<ObjectStore, 'fetch'>; readonly shared: string };

const FETCH_MS = 600_000;

/**
 * A model out of the store, its hash checked. What was fetched once is there for every other task on this machine, under
 * its hash; a copy that broke is fetched anew. Throws `no-input`, and `bad-input` for another file than the one listed.
 */
export async function storedModel(
  model: UsableModel,
  key: string,
  { store, shared }: StoredModels,
): Promise<Uint8Array> {
  const path = join(shared, `${model.sha256}.onnx`);
  const kept = await readModel(model, path).catch((error: unknown) => {
    if (error instanceof ServiceError) return undefined;
    throw error;
  });
  if (kept) return kept;
  const fetched = await store.fetch(key, AbortSignal.timeout(FETCH_MS));
  try {
    const bytes = await readModel(model, fetched.path);
    await keep(fetched.path, shared, path);
    return bytes;
  } finally {
    await fetched.release();
  }
}

/** Appears whole: of several who fetch at once the last is kept, and all were the same. A full disk only means fetching again. */
async function keep(from: string, shared: string, path: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(shared, { recursive: true });
    await copyFile(from, unfinished);
    await rename(unfinished, path);
  } catch {
    await rm(unfinished, { force: true }).catch(() => {});
  }
}
