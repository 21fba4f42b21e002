import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { ServiceError } from '../../core/errors.ts';
import { frameBytes, isRawPixelFormat } from '../../core/film/raw-formats.ts';
import { modelOf, type SourceEnlargement } from '../../core/upscale/enlargement.ts';
import { storedModelKey, type UsableModel } from '../../core/upscale/usable-model.ts';
import { askGpu } from './ask-gpu.ts';
import type { EnginesInput } from './engines.ts';
import type { Gpu } from './gpu.ts';
import { type Onnxruntime, requireOnnxruntime } from './onnxruntime.ts';
import { readModel } from './read-model.ts';
import { type StoredModels, storedModel } from './stored-models.ts';
import type { Upscaler } from './upscaler.ts';
import { cpuWindowPixels, gpuPictures, gpuWindowPixels } from './window-pixels.ts';

/**
 * The open network of this process: it is opened on first use and kept for the next segment, and one is open at a time.
 */
export type Upscalers = {
  /**
   * Runs `work` with the network. Throws `missing-tool` without the device, `no-input` without the model's file, and
   * `bad-input` if the file is another.
   */
  use<T>(
    enlarge: SourceEnlargement,
    colour: EncodeSpec['colour'],
    work: (upscaler: Upscaler) => Promise<T>,
  ): Promise<T>;
  /**
   * Returns the versions of the tools besides the model that affect an enlarged picture, by name. Throws `missing-tool`
   * without onnxruntime-node.
   */
  tools(): Readonly<Record<string, string>>;
  /** Closes the network after the current window. Await this before the process exits. */
  close(): Promise<void>;
};

type CachedUpscaler = { readonly key: string; readonly opened: Promise<Upscaler>; users: number };

/** The store of compiled networks, and the version of the TensorRT that compiles here. */
type EngineStore = { readonly store: EnginesInput['store']; readonly tensorrt: string };

/**
 * Opens networks on demand. Paths of models are relative to `root`. Without `stored`, a model from the store is
 * `missing-tool`; without `kept`, TensorRT compiles the network each time.
 */
export function upscalers(
  root: string,
  stored?: StoredModels,
  kept?: EngineStore,
  onnxruntime?: Onnxruntime,
): Upscalers {
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
        opened: open({ root, stored, kept, onnxruntime }, enlarge, colour),
        users: 0,
      };
      entries.add(entry);
      entry.users++;
      const idle = [...entries].filter(({ users }) => users === 0);
      try {
        await Promise.all(idle.map(end));
        return await work(await entry.opened);
      } catch (error) {
        entries.delete(entry); // nobody may reuse a network that has failed
        throw error;
      } finally {
        entry.users--;
        if (entry.users === 0 && !entries.has(entry)) await end(entry);
      }
    },
    tools: () => networkTools(onnxruntime),
    async close() {
      await Promise.all([...entries].map(end));
    },
  };
}

type ModelSources = {
  readonly root: string;
  readonly stored: StoredModels | undefined;
  readonly kept: EngineStore | undefined;
  readonly onnxruntime: Onnxruntime | undefined;
};

async function open(
  sources: ModelSources,
  { device, from: { width, height, pixelFormat: format }, ...enlarge }: SourceEnlargement,
  colour: EncodeSpec['colour'],
): Promise<Upscaler> {
  const model = modelOf(enlarge);
  const pixelFormat = format.replace('yuvj', 'yuv');
  if (!isRawPixelFormat(pixelFormat))
    throw new ServiceError(
      'bad-input',
      `pictures in the pixel format ${format} cannot be enlarged; convert the source to yuv420p or yuv420p10le first`,
    );
  const file = await modelFile(model, sources);
  const frames = { width, height, pixelFormat, colour };
  const { onnxruntime } = sources;
  const { openUpscaler } = await import('./upscaler.ts'); // few films are enlarged, and all would wait for the reader of networks
  const opened = { model, file, frames, device, threads: availableParallelism(), onnxruntime };
  if (device === 'cpu') return openUpscaler({ ...opened, mostPixels: cpuWindowPixels(frames) });
  const gpu = await askGpu();
  return openUpscaler({
    ...opened,
    mostPixels: gpuWindowPixels(gpu?.freeBytes, await graphIn(file, model.id)),
    mostPictures: gpuPictures(frameBytes(pixelFormat, width, height) * (1 + model.scale ** 2)),
    asBytes: device === 'tensorrt',
    engines: device === 'tensorrt' && gpu && sources.kept ? await enginesOf(gpu, sources.kept, onnxruntime) : undefined,
  });
}

/**
 * The bytes of a model's file. A listed model that is missing beside the program is looked for in the store, since
 * container images only hold the models that ship.
 */
async function modelFile(model: UsableModel, { root, stored }: ModelSources): Promise<Uint8Array> {
  const { location } = model;
  if (location.in === 'store') {
    if (stored) return storedModel(model, location.key, stored);
    throw new ServiceError(
      'missing-tool',
      `the model ${model.id} is in a store of models, and none is configured here; set REELMILL_MODELS to its folder, or take another model`,
    );
  }
  try {
    return await readModel(model, join(root, location.path));
  } catch (error) {
    if (!stored || !isMissing(error)) throw error;
    return storedModel(model, storedModelKey(model), stored).catch((other: unknown) => {
      throw isMissing(other) ? error : other;
    });
  }
}

const isMissing = (error: unknown) => error instanceof ServiceError && error.code === 'no-input';

const graphIn = async (file: Uint8Array, id: string) => (await import('./model-file.ts')).decodeModel(file, id).graph;

const enginesOf = async (gpu: Gpu, { store, tensorrt }: EngineStore, onnxruntime: Onnxruntime | undefined) =>
  (await import('./engines.ts')).engines({ gpu, store, tools: { ...networkTools(onnxruntime), tensorrt } });

const networkTools = (given: Onnxruntime | undefined) => ({ onnxruntime: requireOnnxruntime(given).version });
