import { Worker } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import type { Device } from '../../core/upscale/enlargement.ts';
import { lacksMemory } from './lacks-memory.ts';

/** A tensor inside a buffer. */
export type TensorView = {
  readonly name: string;
  readonly type: 'uint8' | 'uint16';
  readonly dims: readonly number[];
  /** In bytes. */
  readonly offset: number;
};

/** Memory that a run reads and memory that it fills: gone while it runs, and given back by it. */
export type InferenceBuffers = { readonly from: ArrayBuffer; readonly into: ArrayBuffer };

export type OrtSession = {
  /** Runs queue up. Throws `out-of-memory`, or `bug`, with onnxruntime's words if it fails; the buffers are then lost. */
  run(
    buffers: InferenceBuffers,
    feeds: readonly TensorView[],
    fetches: readonly TensorView[],
  ): Promise<InferenceBuffers>;
  /**
   * What runs fails with `interrupted`. Waits for the end of the run at hand: a thread that is ended in the middle of
   * one takes the whole process with it, so await this before the process ends.
   */
  close(): Promise<void>;
};

export type SessionOptions = { readonly device: Device; readonly threads: number };

/**
 * Opens a model on a thread of its own. The device is certain: where it is not to be had, or cannot do an operation of
 * the model, this throws `missing-tool` instead of computing on the processor.
 */
export async function openSession(model: Uint8Array, { device, threads }: SessionOptions): Promise<OrtSession> {
  const worker = new Worker(new URL('./ort-worker.js', import.meta.url), {
    workerData: { model, options: optionsOf(device, threads) },
  });
  const pending = new Map<number, PendingInference>();
  let ended: ServiceError | undefined;
  const end = (error: ServiceError) => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  const gone = new Promise<void>((resolve) => {
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
    void gone.then(() => reject(ended));
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
      await gone;
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

/** TensorRT cannot do all that CUDA can; the rest of a network is CUDA's. Never the processor's. */
const PROVIDERS: Readonly<Record<Device, readonly Device[]>> = {
  cpu: ['cpu'],
  cuda: ['cuda'],
  tensorrt: ['tensorrt', 'cuda'],
};

/** Results depend on the optimization level, so it is pinned. Threads that spin while they wait cost half as much again. */
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
  if (lacksMemory(reason)) return new ServiceError('out-of-memory', `there is no memory for the network: ${reason}`);
  if (device === 'cpu') return new ServiceError('bad-input', `onnxruntime cannot open this model: ${reason}`);
  return new ServiceError('missing-tool', `this machine cannot run the model with device=${device}: ${reason}`);
}

function threadFailure(cause: Error): ServiceError {
  if ('code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ServiceError('out-of-memory', 'the network ran out of memory', {}, { cause });
  }
  return new ServiceError('bug', `the network's thread ended: ${cause.message}`, {}, { cause });
}
