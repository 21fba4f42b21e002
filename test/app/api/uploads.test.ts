import { expect, it } from '@jest/globals';
import { saveNewUpload } from '../../../app/api/upload-records.ts';
import { completeUpload } from '../../../app/api/uploads.ts';
import { LOCAL_CALLER } from '../../../core/api/caller.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { PartThere } from '../../../core/upload/plan-parts.ts';

const PART: PartThere = { number: 1, bytes: 3, checksum: 'abc' };
const RECORD = {
  ...{ upload: 'u1', owner: LOCAL_CALLER.id, key: 'input/preserve/a.mov', recipe: 'preserve', path: 'a.mov' },
  ...{ bytes: 3, partBytes: 8, parts: 1, settings: {}, reference: 'r1', touchedMs: 1, isComplete: false },
};

/** A store of parts which tells that the key is taken: by the very upload that was to be completed, or by another one. */
async function open({ isOurs }: { readonly isOurs: boolean }) {
  const documents = new Map<string, string>();
  let [there, object]: [readonly PartThere[] | undefined, number | undefined] = [[PART], isOurs ? undefined : 3];
  const ports = {
    clock: { now: () => 2, newId: () => 'id' },
    menu: () => Promise.reject(new Error('nothing is begun here')),
    sources: { head: async () => (object === undefined ? undefined : { bytes: object }) },
    uploads: {
      read: async (key: string) => Buffer.from(documents.get(key) ?? ''),
      write: async (key: string, text: string) => void documents.set(key, text),
      writeNew: async (key: string, text: string) => documents.size < documents.set(key, text).size,
      remove: async (key: string) => void documents.delete(key),
      async *list() {},
    },
    parts: {
      begin: async () => 'r1',
      parts: async () => there,
      sign: () => Promise.reject(new Error('nothing is sent here')),
      async complete() {
        if (isOurs) [there, object] = [undefined, 3];
        throw new ServiceError('bad-input', '"input/preserve/a.mov" is there already; give the file another name');
      },
      abort: async () => undefined,
    },
  } as unknown as Parameters<typeof completeUpload>[3];
  await saveNewUpload(RECORD, ports);
  return { complete: () => completeUpload('u1', { parts: [PART] }, LOCAL_CALLER, ports), documents };
}

it('takes an upload for complete that another process, or a request whose answer was lost, has completed', async () => {
  const { complete, documents } = await open({ isOurs: true });
  expect(await complete()).toEqual({ key: RECORD.key, recipe: 'preserve', path: 'a.mov' });
  expect([...documents.values()].map((text) => JSON.parse(text).isComplete)).toEqual([true]);
});

it('refuses an upload whose key another file has, though it is as large', async () => {
  const { complete, documents } = await open({ isOurs: false });
  await expect(complete()).rejects.toMatchObject({ code: 'bad-input' });
  expect([...documents.values()].map((text) => JSON.parse(text).isComplete)).toEqual([false]);
});
