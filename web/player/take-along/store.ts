import type { Text } from '../film/film.ts';
import type { SourceFile } from '../line/remote-file.ts';
import { Trouble } from '../line/trouble.ts';
import type { KeyOrigin } from './format.ts';
import { readCopy } from './read-copy.ts';
import type { UserKey } from './user-key.ts';
import { writeCopy } from './write-copy.ts';

/** A film that was taken along. */
export type Copy = {
  readonly id: string;
  readonly name: string;
  readonly src: string;
  readonly bytes: number;
  readonly madeAt: string;
  readonly origin: KeyOrigin;
  /** Its subtitles, each an encrypted copy of its own. Copies of earlier versions have none. */
  readonly texts?: readonly CopiedText[];
};

type CopiedText = Omit<Text, 'url'> & { readonly id: string };
/** Subtitles that are to be taken along with a film. */
export type TextToTake = Omit<Text, 'url'> & { readonly file: SourceFile };

/** The films that were taken along in this browser, encrypted, and the key that opens them. */
export type Store = {
  copies(): Promise<readonly Copy[]>;
  /** The user's key; undefined before one was made. */
  key(): Promise<UserKey | undefined>;
  setKey(key: UserKey): Promise<void>;
  forgetKey(): Promise<void>;
  take(film: SourceFile, about: AboutCopy, how: TakeOptions): Promise<Copy>;
  open(id: string): Promise<SourceFile>;
  /** Opens the subtitles of a copy. Their addresses are of this page's memory: revoke them when they are no longer shown. */
  texts(id: string): Promise<readonly Text[]>;
  remove(id: string): Promise<void>;
};

type AboutCopy = Pick<Copy, 'name' | 'src'> & { readonly texts?: readonly TextToTake[] };
export type TakeOptions = { readonly signal: AbortSignal; readonly onProgress: (bytes: number, of: number) => void };

const FOLDER = 'reelmill-take-along';

/** Copies lie in the origin's private file system, keys that no script can read in IndexedDB. */
export async function openStore(): Promise<Store> {
  const database = await openDatabase();
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  const all = <T>(name: string) => settled<T[]>(database.transaction(name).objectStore(name).getAll());
  const put = (name: string, value: unknown, key?: string) =>
    settled(database.transaction(name, 'readwrite').objectStore(name).put(value, key));
  const drop = (name: string, key: string) =>
    settled(database.transaction(name, 'readwrite').objectStore(name).delete(key));
  const key = async () => (await all<UserKey>('keys'))[0];

  const erase = (id: string) => folder.removeEntry(id).catch(() => undefined);

  async function write(id: string, file: SourceFile, userKey: UserKey, how: TakeOptions): Promise<void> {
    const handle = await folder.getFileHandle(id, { create: true });
    const sink = await handle.createWritable();
    try {
      await writeCopy(file, sink, userKey, how);
      await sink.close();
    } catch (error) {
      await sink.abort().catch(() => undefined);
      throw error;
    }
  }

  async function open(id: string): Promise<SourceFile> {
    const handle = await folder.getFileHandle(id).catch((cause: unknown) => {
      throw new Trouble('gone', 'This copy is not on this device any more.', { cause });
    });
    return readCopy(await handle.getFile(), async (origin: KeyOrigin) => {
      const userKey = await key();
      if (!userKey) throw new Trouble('key', 'This copy is locked: give your passphrase.');
      if (userKey.origin.salt !== origin.salt)
        throw new Trouble('key', 'This copy was made with another key: it cannot be opened with this one.');
      return userKey.key;
    });
  }

  return {
    copies: () => all<Copy>('copies'),
    key,
    setKey: async (value) => void (await put('keys', value, 'user')),
    forgetKey: async () => void (await drop('keys', 'user')),
    async take(film, { name, src, texts = [] }, how) {
      const userKey = await key();
      if (!userKey) throw new Trouble('key', 'Choose a passphrase first: films are taken along encrypted.');
      const id = crypto.randomUUID();
      const taken = texts.map(({ file, label, language, isDefault, isForDeaf }, at) => ({
        file,
        text: { id: `${id}.text-${at}`, label, language, isDefault, isForDeaf },
      }));
      try {
        for (const { file, text } of taken)
          await write(text.id, file, userKey, { ...how, onProgress: () => undefined });
        await write(id, film, userKey, how);
      } catch (error) {
        for (const each of [id, ...taken.map(({ text }) => text.id)]) await erase(each);
        throw isFull(error)
          ? new Trouble('quota', 'There is no room for this film on this device.', { cause: error })
          : error;
      }
      const copy: Copy = {
        ...{ id, name, src, bytes: film.size() ?? 0, madeAt: new Date().toISOString(), origin: userKey.origin },
        texts: taken.map(({ text }) => text),
      };
      await put('copies', copy);
      await navigator.storage.persist?.().catch(() => false); // so that the browser does not clear it away by itself
      return copy;
    },
    open,
    async texts(id) {
      const { texts = [] } = (await all<Copy>('copies')).find((copy) => copy.id === id) ?? {};
      return Promise.all(
        texts.map(async ({ id: file, ...text }) => ({ ...text, url: await addressOf(await open(file)) })),
      );
    },
    async remove(id) {
      const { texts = [] } = (await all<Copy>('copies')).find((copy) => copy.id === id) ?? {};
      await drop('copies', id);
      for (const each of [id, ...texts.map((text) => text.id)]) await erase(each);
    },
  };
}

/** An address of this page's memory for opened subtitles. */
async function addressOf(file: SourceFile): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const take = async (bytes: Uint8Array) => void parts.push(new Uint8Array(bytes));
  await file.read({ from: 0, to: file.size() ?? 0 }, new AbortController().signal, take);
  return URL.createObjectURL(new Blob(parts, { type: 'text/vtt' }));
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === 'QuotaExceededError';

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(FOLDER, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('copies', { keyPath: 'id' });
    request.result.createObjectStore('keys');
  };
  return settled(request);
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
