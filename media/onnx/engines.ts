import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { withOwnFolder } from '../process/own-folder.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';
import { type EngineFacts, engineKey, engineModel, sealed, unsealed } from './engine.ts';
import { encodeModel } from './model-file.ts';
import type { OnnxModel } from './onnx-model.ts';

/** A network that contains its engine; `isNew` says whether the engine was compiled just now. */
type CompiledNetwork = { readonly network: Uint8Array; readonly isNew: boolean };

/** Networks compiled for this machine's card, and a store that keeps them for later tasks. */
export type Engines = {
  /**
   * The network with its engine; undefined where there is no engine and none can be compiled. With `anew`, an engine in
   * the store is ignored and replaced.
   */
  compiled(network: OnnxModel, anew: boolean): Promise<CompiledNetwork | undefined>;
};

export type EnginesInput = Omit<EngineFacts, 'network'> & {
  readonly store: Pick<ObjectStore, 'fetch' | 'put' | 'head'>;
  /** The path of TensorRT's compiler. */
  readonly trtexec?: string;
};

/** Compiling usually takes minutes. */
const COMPILING_MS = 30 * 60_000;
const TRANSFER_MS = 600_000;

/** Compiles networks with TensorRT, which takes minutes for each, and keeps the engines in a store. */
export function engines({ gpu, tools, store, trtexec = 'trtexec' }: EnginesInput): Engines {
  return {
    async compiled(network, anew) {
      const plain = encodeModel(network);
      const key = engineKey({ gpu, tools, network: createHash('sha256').update(plain).digest('hex') });
      const kept = anew ? undefined : await engineAt(key, store);
      const engine = kept ?? (await compile(plain, trtexec));
      if (!engine) return undefined;
      if (!kept) await keep(engine, key, store);
      return { network: encodeModel(engineModel(network, engine, gpu)), isNew: !kept };
    },
  };
}

/** The engine in the store; undefined where there is none or its bytes are corrupt. */
async function engineAt(key: string, store: EnginesInput['store']): Promise<Uint8Array | undefined> {
  if (!(await store.head(key))) return undefined;
  const fetched = await store.fetch(key, AbortSignal.timeout(TRANSFER_MS));
  try {
    return unsealed(await readFile(fetched.path));
  } finally {
    await fetched.release();
  }
}

async function keep(engine: Uint8Array, key: string, store: EnginesInput['store']): Promise<void> {
  await withOwnFolder('reelmill-engine-', async (folder) => {
    const path = join(folder, 'engine');
    await writeFile(path, sealed(engine));
    await store.put(key, path, { contentType: 'application/octet-stream', signal: AbortSignal.timeout(TRANSFER_MS) });
  });
}

/**
 * Compiles a network; undefined if the compiler is missing, fails or takes too long, so that onnxruntime compiles the
 * network itself.
 */
function compile(network: Uint8Array, trtexec: string): Promise<Uint8Array | undefined> {
  return withOwnFolder('reelmill-engine-', async (folder) => {
    const [from, to] = [join(folder, 'network.onnx'), join(folder, 'network.engine')];
    await writeFile(from, network);
    try {
      await runProcess(trtexec, [`--onnx=${from}`, `--saveEngine=${to}`, '--skipInference'], {
        signal: AbortSignal.timeout(COMPILING_MS),
        stdout: 'ignore',
      });
      return await readFile(to).catch(() => undefined);
    } catch (error) {
      if (error instanceof ProcessError || error instanceof ServiceError) return undefined;
      throw error;
    }
  });
}
