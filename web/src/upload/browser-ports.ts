import type { Client } from '../api/client.ts';
import { headOf, sha256 } from './fingerprint.ts';
import { onlyHere } from './only-here.ts';
import { putPart } from './put-part.ts';
import { indexedDbMemory } from './remembered-uploads.ts';
import { slots } from './slots.ts';
import type { SendPorts } from './upload-ports.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** The uploads of this page, by this browser and this API. */
export const browserUploads = (call: Client): Uploads =>
  createUploads({
    ...sendPorts(call),
    memory: indexedDbMemory(),
    begin: (asked) => call('beginUpload', { body: asked }),
    abort: async (upload) => void (await call('abortUpload', { params: { upload } })),
    unfinished: async () => (await call('uploads')).uploads,
    onlyHere,
    headOf,
    open,
    nowMs: Date.now,
    newId: () => crypto.randomUUID(),
  });

async function open(handle: FileSystemFileHandle, may: 'ask' | 'not-ask'): Promise<File | undefined> {
  const wanted = { mode: 'read' } as const;
  const state = may === 'ask' ? await handle.requestPermission?.(wanted) : await handle.queryPermission?.(wanted);
  if (state !== undefined && state !== 'granted') return undefined;
  // A file that was moved or removed since has to be given again.
  return handle.getFile().catch(() => undefined);
}

function sendPorts(call: Client): SendPorts {
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
      if (!navigator.onLine) await becameOnline(signal);
    },
    random: Math.random,
  };
}

async function waitOrOnline(milliseconds: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), milliseconds);
  await becameOnline(AbortSignal.any([signal, over.signal])).catch(() => clearTimeout(timer));
  signal.throwIfAborted();
}

/** Resolves when the browser has a network again; rejects when it is aborted before. */
function becameOnline(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const done = new AbortController();
    window.addEventListener('online', () => [resolve(), done.abort()], { signal: done.signal });
    signal.addEventListener('abort', () => [reject(signal.reason), done.abort()], { signal: done.signal });
  });
}
