// onnxruntime runs on a thread of its own because its run() blocks the calling thread. This is JavaScript for Node.js.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * @typedef {{ name: string, type: 'uint8' | 'uint16', dims: readonly number[], offset: number }} View
 * @typedef {{ id: number, from: ArrayBuffer, into: ArrayBuffer, feeds: readonly View[], fetches: readonly View[] }} Inference
 */

const port = parentPort;
if (!port) throw new Error('ort-worker is started as a worker');

// The package need not lie where a module of ours would find it by its name.
/** @type {typeof import('onnxruntime-node')} */
const { env, InferenceSession, Tensor } = createRequire(import.meta.url)(workerData.onnxruntime);
env.logLevel = 'fatal'; // onnxruntime reports failures as errors, so its log is not needed
const session = await InferenceSession.create(workerData.model, workerData.options).catch(
  (/** @type {unknown} */ error) => {
    port.postMessage({ type: 'refused', reason: String(error) });
  },
);

if (session) {
  port.on('message', async (/** @type {Inference | 'close'} */ message) => {
    if (message !== 'close') return answer(session, message);
    await session.release();
    port.close();
  });
  port.postMessage({ type: 'open' });
}

/**
 * @param {import('onnxruntime-node').InferenceSession} session
 * @param {Inference} inference
 */
async function answer(session, { id, from, into, feeds, fetches }) {
  let failed;
  try {
    await session.run(tensors(from, feeds), tensors(into, fetches));
  } catch (error) {
    failed = String(error);
  }
  port?.postMessage({ type: 'done', id, from, into, failed }, [from, into]);
}

/**
 * @param {ArrayBuffer} buffer
 * @param {readonly View[]} views
 */
function tensors(buffer, views) {
  return Object.fromEntries(
    views.map(({ name, type, dims, offset }) => {
      const count = dims.reduce((product, dim) => product * dim, 1);
      const data = type === 'uint8' ? new Uint8Array(buffer, offset, count) : new Uint16Array(buffer, offset, count);
      return [name, new Tensor(type, data, dims)];
    }),
  );
}
