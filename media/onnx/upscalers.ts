import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { ServiceError } from '../../core/errors.ts';
import { frameBytes, isRawPixelFormat } from '../../core/film/raw-formats.ts';
import { type SourceEnlargement, modelOf } from '../../core/upscale/enlargement.ts';
import { storedModelKey, type UsableModel } from '../../core/upscale/usable-model.ts';
import { askGpu } from './ask-gpu.ts';
import { type EnginesInput, engines } from './engines.ts';
import type { Gpu } from './gpu.ts';
import { decodeModel } from './model-file.ts';
import { readModel } from './read-model.ts';
import { type StoredModels, storedModel } from './stored-models.ts';
import { openUpscaler, type Upscaler } from './upscaler.ts';
import { cpuWindowPixels, gpuPictures, gpuWindowPixels } from './window-pixels.ts';

/** The networks of this process: one at a time, opened when it is first asked for and kept for the next segment. */
export type Upscalers = {
  /** Throws `missing-tool` without the device, `no-input` without the model's file, `bad-input` for another. */
  use<T>(
    enlarge: SourceEnlargement,
    colour: EncodeSpec['colour'],
    work: (upscaler: Upscaler) => Promise<T>,
  ): Promise<T>;
  /** Waits for the window at hand. A process must not end without. */
  close(): Promise<void>;
};

type CachedUpscaler = { readonly key: string; readonly opened: Promise<Upscaler>; users: number };

/** Where compiled networks are kept, and the version of the TensorRT that compiles them here. */
export type EngineStore = { readonly store: EnginesInput['store']; readonly tensorrt: string };

/**
 * `root` is the folder that paths of models begin in. Without a store of models, one that lies in a store is
 * `missing-tool`; without one of engines, TensorRT compiles each time.
 */
export function upscalers(root: string, stored?: StoredModels, kept?: EngineStore): Upscalers {
  const entries = new Set<CachedUpscaler>();
  const end = async (entry: CachedUpscaler) => {
    entries.delete(entry);
    await entry.opened.then(
      (upscaler) => upscaler.close(),
      () => {},
    );
  };
  return {
    async use(enlarge, colour, work) {
      const key = JSON.stringify([enlarge, colour]);
      const entry = [...entries].find((each) => each.key === key) ?? {
        key,
        opened: open({ root, stored, kept }, enlarge, colour),
        users: 0,
      };
      entries.add(entry);
      entry.users++;
      const idle = [...entries].filter(({ users }) => users === 0);
      try {
        await Promise.all(idle.map(end));
        return await work(await entry.opened);
      } catch (error) {
        entries.delete(entry); // whatever state it is in, nobody else gets it
        throw error;
      } finally {
        entry.users--;
        if (entry.users === 0 && !entries.has(entry)) await end(entry);
      }
    },
    async close() {
      await Promise.all([...entries].map(end));
    },
  };
}

type ModelSources = {
  readonly root: string;
  readonly stored: StoredModels | undefined;
  readonly kept: EngineStore | undefined;
};

async function open(
  places: ModelSources,
  { device, from: { width, height, pixelFormat: format }, ...enlarge }: SourceEnlargement,
  colour: EncodeSpec['colour'],
): Promise<Upscaler> {
  const model = modelOf(enlarge);
  const pixelFormat = format.replace('yuvj', 'yuv');
  if (!isRawPixelFormat(pixelFormat)) throw new ServiceError('bad-input', `${format} frames cannot be enlarged`);
  const file = await modelFile(model, places);
  const frames = { width, height, pixelFormat, colour };
  const opened = { model, file, frames, device, threads: availableParallelism() };
  if (device === 'cpu') return openUpscaler({ ...opened, mostPixels: cpuWindowPixels(frames) });
  const gpu = await askGpu();
  return openUpscaler({
    ...opened,
    mostPixels: gpuWindowPixels(gpu?.freeBytes, decodeModel(file, model.id).graph),
    mostPictures: gpuPictures(frameBytes(pixelFormat, width, height) * (1 + model.scale ** 2)),
    asBytes: device === 'tensorrt',
    engines: device === 'tensorrt' && gpu && places.kept ? enginesOf(gpu, places.kept) : undefined,
  });
}

/** One that is to lie beside the program, and does not, may lie in the store: images hold only what ships. */
async function modelFile(model: UsableModel, { root, stored }: ModelSources): Promise<Uint8Array> {
  const { lies } = model;
  if (lies.in === 'store') {
    if (stored) return storedModel(model, lies.key, stored);
    throw new ServiceError('missing-tool', `the model ${model.id} lies in a store, from which nothing here fetches`);
  }
  try {
    return await readModel(model, join(root, lies.path));
  } catch (error) {
    if (!stored || !isMissing(error)) throw error;
    return storedModel(model, storedModelKey(model), stored).catch((other: unknown) => {
      throw isMissing(other) ? error : other;
    });
  }
}

const isMissing = (error: unknown) => error instanceof ServiceError && error.code === 'no-input';

const enginesOf = (gpu: Gpu, { store, tensorrt }: EngineStore) =>
  engines({ gpu, store, tools: { ...networkTools(), tensorrt } });

const packageSchema = z.object({ version: z.string() });

/** The versions of what shapes an enlarged picture, besides its model. Throws `missing-tool`. */
export function networkTools(): Readonly<Record<string, string>> {
  try {
    const found: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json');
    return { onnxruntime: packageSchema.parse(found).version };
  } catch (cause) {
    throw new ServiceError(
      'missing-tool',
      'onnxruntime-node is not installed here, and nothing else runs networks',
      {},
      { cause },
    );
  }
}
