import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MediaObjects } from '../../core/ports/media-objects.ts';

export type OpenMediaObjects = () => Promise<{
  objects: MediaObjects;
  put(key: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}>;

const KEY = "output/ladder/it's a film & more +1%41 映像.mov/hd.mp4";
const signal = new AbortController().signal;
const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i * 7);

/** What every store does that is read in ranges. */
export function mediaObjectsContract(name: string, open: OpenMediaObjects): void {
  describe(`${name} read in ranges`, () => {
    let opened: Awaited<ReturnType<OpenMediaObjects>>;
    beforeAll(async () => {
      opened = await open();
      await opened.put(KEY, bytes);
    });
    afterAll(() => opened.close());

    it('reads any range of an object', async () => {
      const object = await opened.objects.open(KEY, undefined, signal);
      expect(object?.bytes).toBe(5000);
      for (const [start, end] of [[0, 1], [0, 5000], [4999, 5000], [1234, 4321]] as const) // biome-ignore format: a table
        expect(Buffer.from((await object?.read(start, end, signal)) ?? [])).toEqual(
          Buffer.from(bytes.subarray(start, end)),
        );
      await object?.close();
    });

    it.each(['output/none.mp4', 'output', 'output/ladder'])('finds nothing at %s', async (key) => {
      expect(await opened.objects.open(key, undefined, signal)).toBeUndefined();
    });

    it('finds nothing of a version that there is not', async () => {
      expect(await opened.objects.open(KEY, 'of-another-store', signal)).toBeUndefined();
    });

    it.each(['../out', '/etc/passwd', 'a//b', ''])('refuses the key %j', async (key) => {
      await expect(opened.objects.open(key, undefined, signal)).rejects.toMatchObject({ code: 'bad-input' });
    });

    it('gives every version a name of its own, and the same one again', async () => {
      const versionNow = async () => {
        const object = await opened.objects.open('output/changing.mp4', undefined, signal);
        await object?.close();
        return object?.version;
      };
      await opened.put('output/changing.mp4', bytes);
      const first = await versionNow();
      expect(first).toMatch(/^[0-9a-f]{32}$/);
      expect(await versionNow()).toBe(first);
      await opened.put(
        'output/changing.mp4',
        bytes.map((byte) => byte + 1),
      );
      expect(await versionNow()).not.toBe(first);
    });

    it('never gives bytes of two versions: the rest is of the first one, or is refused', async () => {
      const key = 'output/replaced.mp4';
      await opened.put(key, bytes);
      const object = await opened.objects.open(key, undefined, signal);
      await object?.read(0, 10, signal);
      await opened.put(key, new Uint8Array(5000));
      const rest = await object?.read(10, 20, signal).then(
        (read) => [...read],
        ({ code }) => code,
      );
      expect([[...bytes.subarray(10, 20)], 'reclaimed']).toContainEqual(rest);
      await object?.close();
    });

    it('stops when it is told to', async () => {
      const object = await opened.objects.open(KEY, undefined, signal);
      await expect(object?.read(0, 10, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
      await object?.close();
    });
  });
}
