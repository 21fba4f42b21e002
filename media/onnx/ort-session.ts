import { Worker } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import type { Device } from '../../core/upscale/enlargement.ts';
import { lacksMemory } from './lacks-memory.ts';
import { type Onnxruntime, requireOnnxruntime } from './onnxruntime.ts';

/** A tensor that lies within a buffer. */
export type TensorView = {
  readonly name: string;
  readonly type: 'uint8' | 'uint16';
  readonly dims: readonly number[];
  /** The tensor's start in the buffer, in bytes. */
  readonly offset: number;
};

/**
 * The buffers that a batch is read from and written into. They are transferred to the thread while it runs, and come
 * back with the result.
 */
export type InferenceBuffers = { readonly from: ArrayBuffer; readonly into: ArrayBuffer };

export type OrtSession = {
  /**
   * Runs the network once; calls are queued. Throws `out-of-memory` or `bug` with onnxruntime's message if the network
   * fails; the buffers are then lost.
   */
  run(
    buffers: InferenceBuffers,
    feeds: readonly TensorView[],
    fetches: readonly TensorView[],
  ): Promise<InferenceBuffers>;
  /**
   * Makes running and queued calls fail with `interrupted`, and waits for the current one to end. Ending the thread in
   * the middle of a computation would crash the process, so await this before the process exits.
   */
  close(): Promise<void>;
};

export type SessionOptions = {
  readonly device: Device;
  readonly threads: number;
  /** Without it, the onnxruntime beside the program is used. */
  readonly onnxruntime?: Onnxruntime | undefined;
};

/**
 * Opens a model on its own thread. It never falls back to the processor: where the device is missing or cannot execute
 * an operation of the model, this throws `missing-tool`. Throws `bad-input` for a model that onnxruntime cannot open,
 * and `out-of-memory` where it does not fit.
 */
export async function openSession(
  model: Uint8Array,
  { device, threads, onnxruntime }: SessionOptions,
): Promise<OrtSession> {
  const folder = await requireOnnxruntime(onnxruntime).folder();
  const worker = new Worker(new URL('./ort-worker.js', import.meta.url), {
    workerData: { onnxruntime: folder, model, options: optionsOf(device, threads) },
  });
  const pending = new Map<number, PendingInference>();
  let ended: ServiceError | undefined;
  const end = (error: ServiceError) => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end(new ServiceError('interrupted', 'the network was closed while it ran'));
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (data: unknown) => {
      const message = messageSchema.parse(data);
      if (message.type === 'open') resolve();
      else if (message.type === 'refused') reject(openingFailure(device, message.reason));
      else settle(pending, message);
    });
    worker.on('error', (error) => end(threadFailure(error)));
    void exited.then(() => reject(ended));
  });
  let next = 0;
  return {
    run: (buffers, feeds, fetches) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        const id = next++;
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, ...buffers, feeds, fetches }, [buffers.from, buffers.into]);
      }),
    async close() {
      end(new ServiceError('interrupted', 'the network was closed while it ran'));
      worker.postMessage('close');
      await exited;
    },
  };
}

type PendingInference = { resolve(buffers: InferenceBuffers): void; reject(error: unknown): void };

const buffer = z.custom<ArrayBuffer>((data) => Object.prototype.toString.call(data) === '[object ArrayBuffer]');

const doneSchema = z.object({
  type: z.literal('done'),
  id: z.int(),
  from: buffer,
  into: buffer,
  failed: z.optional(z.string()),
});

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open') }),
  z.object({ type: z.literal('refused'), reason: z.string() }),
  doneSchema,
]);

function settle(pending: Map<number, PendingInference>, { id, from, into, failed }: z.infer<typeof doneSchema>): void {
  const run = pending.get(id);
  pending.delete(id);
  if (failed === undefined) run?.resolve({ from, into });
  else run?.reject(new ServiceError(lacksMemory(failed) ? 'out-of-memory' : 'bug', `the network failed: ${failed}`));
}

/** Operations that TensorRT lacks run on CUDA, and never on the processor. */
const PROVIDERS: Readonly<Record<Device, readonly Device[]>> = {
  cpu: ['cpu'],
  cuda: ['cuda'],
  tensorrt: ['tensorrt', 'cuda'],
};

/**
 * The optimization level is fixed because results depend on it. Threads that spin while they wait use half as much CPU
 * again.
 */
function optionsOf(device: Device, threads: number): InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: 'all',
    executionProviders: PROVIDERS[device],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    extra: {
      session: { intra_op: { allow_spinning: '0' }, ...(device !== 'cpu' && { disable_cpu_ep_fallback: '1' }) },
    },
  };
}

function openingFailure(device: Device, reason: string): ServiceError {
  if (lacksMemory(reason)) return new ServiceError('out-of-memory', `the network does not fit into memory: ${reason}`);
  if (device === 'cpu') return new ServiceError('bad-input', `onnxruntime cannot open this model: ${reason}`);
  return new ServiceError('missing-tool', `this machine cannot run the model with device=${device}: ${reason}`);
}

function threadFailure(cause: Error): ServiceError {
  if ('code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ServiceError(
      'out-of-memory',
      'the network ran out of memory; take a machine or a graphics card with more of it',
      {},
      { cause },
    );
  }
  return new ServiceError('bug', `the network's thread ended: ${cause.message}`, {}, { cause });
}
