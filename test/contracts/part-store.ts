import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewUpload, OpenUpload, PartAddress, PartStore } from '../../core/ports/part-store.ts';

export type OpenPartStore = () => Promise<{
  store: PartStore;
  /** Puts bytes to an address, and returns the status. */
  put(address: PartAddress, body: Uint8Array): Promise<number>;
  /** Returns the bytes under a key; undefined if there is nothing. */
  read(key: string): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}>;

export const checksumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** What every store of parts does, wherever it keeps them. */
export function partStoreContract(name: string, open: OpenPartStore): void {
  describe(`${name} as a store of parts`, () => {
    let opened: Awaited<ReturnType<OpenPartStore>>;
    const file = Buffer.from('the first part, the second, the third, the fourth, the end');
    const plan = { bytes: file.length, partBytes: 12, parts: 5 };
    const part = (number: number) => file.subarray((number - 1) * 12, number * 12);

    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    let begun = 0;
    async function begin(key = 'input/preserve/a b+c.mov'): Promise<OpenUpload> {
      const upload: NewUpload = {
        id: `id${++begun}`,
        key,
        plan,
        modifiedMs: 1_700_000_000_000,
        settings: {},
      };
      return { ...upload, reference: await opened.store.begin(upload) };
    }

    async function send(upload: OpenUpload, number: number, body: Uint8Array = part(number)): Promise<number> {
      const asked = { number, bytes: part(number).length, checksum: checksumOf(part(number)) };
      return opened.put(await opened.store.sign(upload, asked, Date.now() + 60_000), body);
    }

    it('takes parts in any order, and the file appears whole when it is completed', async () => {
      const upload = await begin();
      for (const number of [3, 1, 5, 4, 2]) expect(await send(upload, number)).toBe(200);
      expect(await opened.read(upload.key)).toBeUndefined();
      const there = (await opened.store.parts(upload)) ?? [];
      expect(there).toEqual(
        [1, 2, 3, 4, 5].map((number) => ({ number, bytes: part(number).length, checksum: checksumOf(part(number)) })),
      );
      await opened.store.complete(upload, there);
      await expect(opened.store.complete(upload, there)).rejects.toMatchObject({ code: 'no-input' });
      expect(Buffer.from((await opened.read(upload.key)) ?? [])).toEqual(file);
      expect(await opened.store.parts(upload)).toBeUndefined();
    });

    it.each([
      { what: 'too long', body: Buffer.concat([Buffer.from('the first part'), Buffer.from('!')]) },
      { what: 'too short', body: Buffer.from('the') },
      { what: 'of other bytes', body: Buffer.from('THE FIRST PA') },
    ])('refuses a part that is $what, and goes on', async ({ body }) => {
      const upload = await begin();
      expect(await send(upload, 1, body)).toBeGreaterThanOrEqual(400);
      expect(await opened.store.parts(upload)).toEqual([]);
      expect(await send(upload, 1)).toBe(200);
      expect(await opened.store.parts(upload)).toHaveLength(1);
    });

    it('refuses an address that has expired, and one that was changed', async () => {
      const upload = await begin();
      const asked = { number: 1, bytes: 12, checksum: checksumOf(part(1)) };
      const late = await opened.store.sign(upload, asked, Date.now() - 5000);
      await new Promise((resolve) => setTimeout(resolve, 1100)); // S3 counts from a second on
      expect(await opened.put(late, part(1))).toBe(403);
      const { url, ...rest } = await opened.store.sign(upload, asked, Date.now() + 60_000);
      expect(await opened.put({ ...rest, url: url.replace(/(partNumber=|parts\/)1/, '$12') }, part(1))).toBe(403);
      expect(await opened.store.parts(upload)).toEqual([]);
    });

    it('takes a part twice, as from two tabs, and keeps it once', async () => {
      const upload = await begin();
      expect(await Promise.all([send(upload, 2), send(upload, 2)])).toEqual([200, 200]);
      expect(await send(upload, 2)).toBe(200);
      expect(await opened.store.parts(upload)).toHaveLength(1);
    });

    it('replaces no file that has come to the name meanwhile, and keeps the parts', async () => {
      const [first, second] = [await begin(), await begin()];
      for (const upload of [first, second])
        for (const number of [1, 2, 3, 4, 5]) expect(await send(upload, number)).toBe(200);
      const there = (await opened.store.parts(second)) ?? [];
      await opened.store.complete(first, there);
      await expect(opened.store.complete(second, there)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('is there already; give the file another name'),
      });
      expect(Buffer.from((await opened.read(first.key)) ?? [])).toEqual(file);
      expect(await opened.store.parts(second)).toHaveLength(5);
    });

    it('forgets what is aborted, and refuses its parts', async () => {
      const upload = await begin();
      await send(upload, 1);
      await opened.store.abort(upload);
      expect(await opened.store.parts(upload)).toBeUndefined();
      expect(await send(upload, 2)).toBe(404);
      await opened.store.abort(upload);
    });
  });
}
