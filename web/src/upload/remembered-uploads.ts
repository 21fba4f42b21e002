import type { BegunUpload } from './upload-ports.ts';

/** What this browser knows of an upload that is not finished, to go on with it after a reload or a crash. */
export type RememberedUpload = {
  readonly begun: BegunUpload;
  readonly recipe: string;
  readonly path: string;
  readonly modifiedMs: number;
  readonly head: string;
  readonly handle: FileSystemFileHandle | undefined;
};

export type UploadMemory = {
  all(): Promise<readonly RememberedUpload[]>;
  put(upload: RememberedUpload): Promise<void>;
  remove(upload: string): Promise<void>;
};

const UPLOADS = 'uploads';

/** Keeps them in IndexedDB, which can hold handles of files. In a browser that refuses to store, nothing is remembered. */
export function indexedDbMemory(): UploadMemory {
  const database = opened().catch(() => undefined);
  const inStore = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>) => {
    const base = await database;
    if (!base) return undefined;
    // Strict: what was begun is still known if the machine loses its power.
    return settled(work(base.transaction(UPLOADS, mode, { durability: 'strict' }).objectStore(UPLOADS)));
  };
  return {
    all: async () => (await inStore<RememberedUpload[]>('readonly', (store) => store.getAll())) ?? [],
    put: async (upload) => void (await inStore('readwrite', (store) => store.put(upload, upload.begun.upload))),
    remove: async (upload) => void (await inStore('readwrite', (store) => store.delete(upload))),
  };
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open('reelmill', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(UPLOADS);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = request.transaction;
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // A write counts when its transaction is on the disk; to open a database has a transaction only where it is made.
      if (transaction && request.readyState === 'done' && !(request instanceof IDBOpenDBRequest)) {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      } else resolve(request.result);
    };
  });
}
