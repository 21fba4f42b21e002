import type { Client } from '../api/client.ts';
import { sha256 } from './fingerprint.ts';
import { putPart } from './put-part.ts';
import { slots } from './slots.ts';
import type { SendPorts } from './upload-ports.ts';

/** What an upload needs, by this browser and this API. */
export function browserPorts(call: Client): SendPorts {
  // One part at a time is in memory; those on their way are read from the file by the browser.
  const hashing = slots(1);
  return {
    partsOf: async (upload) => (await call('upload', { params: { upload } })).there,
    sign: async (upload, part) => {
      const { urls } = await call('signParts', { params: { upload }, body: { parts: [part] } });
      const [signed] = urls;
      if (!signed) throw new Error(`no address came for part ${part.number}`);
      return signed;
    },
    complete: async (upload, parts) =>
      void (await call('completeUpload', { params: { upload }, body: { parts: [...parts] } })),
    checksum: (bytes) => hashing.run(() => sha256(bytes)),
    put: putPart,
    wait: waitOrOnline,
    online: async (signal) => {
      if (!navigator.onLine) await eventOf('online', signal);
    },
    random: Math.random,
  };
}

async function waitOrOnline(milliseconds: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), milliseconds);
  await eventOf('online', AbortSignal.any([signal, over.signal])).catch(() => clearTimeout(timer));
  signal.throwIfAborted();
}

function eventOf(name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const done = new AbortController();
    window.addEventListener(name, () => [resolve(), done.abort()], { signal: done.signal });
    signal.addEventListener('abort', () => [reject(signal.reason), done.abort()], { signal: done.signal });
  });
}
