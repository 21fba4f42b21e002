import { createHash } from 'node:crypto';
import { Refused } from '../../../web/src/api/refused.ts';
import type { RememberedUpload } from '../../../web/src/upload/remembered-uploads.ts';
import type { BegunUpload, PutResult } from '../../../web/src/upload/upload-ports.ts';
import type { UnfinishedUpload, UploadsPorts } from '../../../web/src/upload/uploads-ports.ts';

export const PART_BYTES = 4;

type Fault = (part: { readonly number: number; readonly attempt: number }) => PutResult | 'hang' | undefined;

/**
 * An API in memory that keeps what S3 keeps, refuses what S3 refuses, and counts what was sent; and a browser around it with
 * IndexedDB, locks and a clock that does not wait.
 */
export function uploadServer({ fault = () => undefined }: { readonly fault?: Fault } = {}) {
  const uploads = new Map<string, UnfinishedUpload & { readonly arrived: Map<number, Buffer> }>();
  const finished = new Map<string, string>();
  const remembered = new Map<string, RememberedUpload>();
  const locks = new Map<string, Promise<unknown>>();
  const attempts = new Map<number, number>();
  const counts = { puts: 0, bytes: 0, signed: 0, atOnce: 0, mostAtOnce: 0, waits: [] as number[] };
  const state = { isOnline: true, refusesToComplete: 0 };
  const returns: (() => void)[] = [];
  const of = (upload: string) => {
    const found = uploads.get(upload);
    if (!found) throw new Refused({ status: 404, code: 'no-input', reason: `there is no upload ${upload}` });
    return found;
  };
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

  const ports: UploadsPorts = {
    async begin({ recipe, path, bytes, modifiedMs }) {
      const begun: BegunUpload = {
        upload: `upload-${uploads.size + finished.size + 1}`,
        bytes,
        partBytes: PART_BYTES,
        parts: Math.ceil(bytes / PART_BYTES),
      };
      uploads.set(begun.upload, { ...begun, recipe, path, modifiedMs, arrived: new Map() });
      return begun;
    },
    partsOf: async (upload) =>
      [...of(upload).arrived].map(([number, bytes]) => ({ number, bytes: bytes.length, checksum: hash(bytes) })),
    async sign(upload, { number, checksum }) {
      counts.signed++;
      of(upload);
      return { url: `${upload}/${number}`, headers: { checksum } };
    },
    async put({ url, headers }, body, onSent, signal) {
      const [upload = '', number = 0] = [url.split('/')[0], Number(url.split('/')[1])];
      counts.puts++;
      counts.bytes += body.size;
      counts.mostAtOnce = Math.max(counts.mostAtOnce, ++counts.atOnce);
      try {
        const attempt = (attempts.get(number) ?? 0) + 1;
        attempts.set(number, attempt);
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        onSent(Math.floor(body.size / 2));
        const wrong = state.isOnline ? fault({ number, attempt }) : ({ status: 0, reason: 'the line broke' } as const);
        if (wrong === 'hang')
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        if (wrong && wrong !== 'hang') return wrong;
        const bytes = Buffer.from(await body.arrayBuffer());
        if (hash(bytes) !== headers.checksum) return { status: 400, reason: 'BadDigest' };
        of(upload).arrived.set(number, bytes);
        return { status: 200, reason: '' };
      } finally {
        counts.atOnce--;
      }
    },
    async complete(upload, parts) {
      if (state.refusesToComplete-- > 0) throw new Refused({ status: 503, code: 'busy', reason: 'slow down' });
      const { arrived: there, path } = of(upload);
      const joined = Buffer.concat(parts.map(({ number }) => there.get(number) ?? Buffer.alloc(0)));
      finished.set(path, joined.toString());
      uploads.delete(upload);
    },
    abort: async (upload) => void uploads.delete(upload),
    unfinished: async () => [...uploads.values()],
    checksum: async (blob) => hash(Buffer.from(await blob.arrayBuffer())),
    headOf: async (blob) => hash(Buffer.from(await blob.slice(0, 2).arrayBuffer())),
    async wait(milliseconds, signal) {
      counts.waits.push(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
    online: async () => {
      if (!state.isOnline) await new Promise<void>((resolve) => returns.push(resolve));
    },
    random: () => 1,
    memory: {
      all: async () => [...remembered.values()],
      put: async (upload) => void remembered.set(upload.begun.upload, upload),
      remove: async (upload) => void remembered.delete(upload),
    },
    async onlyHere(upload, { onWaiting }, work) {
      const before = locks.get(upload);
      if (before !== undefined) onWaiting();
      const mine = (async () => {
        await before?.catch(() => undefined);
        return work(before !== undefined);
      })();
      locks.set(upload, mine);
      const free = () => locks.get(upload) === mine && locks.delete(upload);
      mine.then(free, free);
      return mine;
    },
    open: async (handle) => handle.getFile(),
    nowMs: Date.now,
    newId: () => crypto.randomUUID(),
  };
  const comeBack = () => {
    state.isOnline = true;
    for (const each of returns.splice(0)) each();
  };
  /** Resolves when no page sends anything any more. */
  const allQuiet = async () => void (await Promise.allSettled(locks.values()));
  return { ports, allQuiet, counts, state, uploads, finished, remembered, comeBack };
}
