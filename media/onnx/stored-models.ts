import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import { readModel } from './read-model.ts';

/** The store of models that do not ship, and a folder that all tasks on this machine share. */
export type StoredModels = { readonly store: Pick<ObjectStore, 'fetch'>; readonly shared: string };

const FETCH_MS = 600_000;

/**
 * The bytes of a model from the store, with its hash checked. A fetched model is kept under its hash for every other
 * task on this machine; a corrupt copy is fetched again. Throws `no-input` if the store lacks the model, and
 * `bad-input` if it holds another file.
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

/**
 * Copies the file into the shared folder under a temporary name, then renames it. Tasks that fetch at once all write
 * the same bytes. A full disk only means that the model is fetched again.
 */
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
