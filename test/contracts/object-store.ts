import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import { sha256, sha256Of } from '../support/hash.ts';

export type OpenObjectStore = () => Promise<{ store: ObjectStore; close(): Promise<void> }>;

/** Names that are as good as any other, and that careless code breaks. */
export const HARD_NAMES: readonly { what: string; name: string }[] = [
  { what: 'spaces', name: '  two  spaces .mov' },
  { what: 'quotes', name: `it's "quoted" \`here\`.mov` },
  { what: 'a newline and a tab', name: 'first\nsecond\tthird.mov' },
  { what: 'a leading dash', name: '-rf.mov' },
  { what: 'shell and glob signs', name: '$(x);&|<>*?[a]{b}!#~.mov' },
  { what: 'percent and plus', name: '100%25+%2e%2e%2f.mov' },
  { what: 'a backslash', name: 'back\\slash.mov' },
  { what: 'composed letters (NFC)', name: 'caf\u00e9.mov' },
  { what: 'decomposed letters (NFD)', name: 'cafe\u0301.mov' },
  { what: 'scripts beyond Latin', name: '映像-فيديو-видео.mov' },
  { what: 'an emoji of several code points', name: '👩‍👩‍👧.mov' },
  { what: 'dots', name: 'a..b...mov' },
  { what: 'a trailing space and dot', name: 'end .' },
  { what: '255 bytes', name: `${'é'.repeat(125)}x.mov` },
];

const HOSTILE_KEYS: readonly string[] = [
  '',
  '..',
  '../up.mov',
  'a/../../up.mov',
  'a/..',
  '/etc/passwd',
  '//host/share',
  'a//b.mov',
  './a.mov',
  'a/',
  'nul\0.mov',
  '..\\up.mov',
  'a\\..\\..\\up.mov',
  '\\\\host\\share',
  'half\ud83d.mov',
];

/**
 * What every object store does, whatever it keeps its objects in. `gaps` names the tests that a server standing in for the
 * real thing is known to fail; one that it passes by now fails here, so that its name is taken out.
 */
export function objectStoreContract(name: string, open: OpenObjectStore, gaps: readonly string[] = []): void {
  const knowing = (test: string) => (gaps.includes(test) ? it.failing : it);
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    let close: () => Promise<void>;
    let scratch: string;
    const signal = new AbortController().signal;

    beforeEach(async () => {
      ({ store, close } = await open());
      scratch = await mkdtemp(join(tmpdir(), 'reelmill-contract-'));
    });
    afterEach(async () => {
      await close();
      await rm(scratch, { recursive: true, force: true });
    });

    const keys = async (prefix: string) => (await all(store.list(prefix))).map(({ key }) => key);
    const text = async (key: string) => {
      const bytes = await store.read(key);
      return bytes && Buffer.from(bytes).toString();
    };
    const scratchFile = async (bytes: Uint8Array | string) => {
      const path = join(scratch, randomBytes(8).toString('hex'));
      await writeFile(path, bytes);
      return path;
    };
    const put = async (key: string, bytes: Uint8Array | string) =>
      store.put(key, await scratchFile(bytes), { contentType: 'video/mp4', signal });

    describe('where nothing is', () => {
      it('says so by undefined or an empty list', async () => {
        expect(await store.head('no/such.mov')).toBeUndefined();
        expect(await store.read('no/such.mov')).toBeUndefined();
        expect(await keys('')).toEqual([]);
        expect(await keys('no/such/')).toEqual([]);
      });

      it('fetches and copies nothing', async () => {
        await expect(store.fetch('no/such.mov', signal)).rejects.toMatchObject({ code: 'no-input' });
        await expect(store.copy('no/such.mov', 'to.mov')).rejects.toMatchObject({ code: 'no-input' });
        expect(await store.head('to.mov')).toBeUndefined();
      });

      it('removes nothing without complaint', async () => {
        await expect(store.remove('no/such.mov')).resolves.toBeUndefined();
      });

      it('takes no object for a part of its key', async () => {
        await store.write('a/b/c.json', '{}', 'application/json');
        expect(await store.head('a/b')).toBeUndefined();
        expect(await store.read('a/b')).toBeUndefined();
        await store.remove('a/b');
        expect(await text('a/b/c.json')).toBe('{}');
      });
    });

    describe('a small object', () => {
      it.each([
        { what: 'text', bytes: 'Grüße 👋' },
        { what: 'bytes', bytes: new Uint8Array([0, 255, 10, 13, 0]) },
        { what: 'nothing', bytes: '' },
      ])('of $what is read as it was written', async ({ bytes }) => {
        await store.write('a/small.json', bytes, 'application/json');
        const read = await store.read('a/small.json');
        expect(read && Buffer.from(read)).toEqual(Buffer.from(bytes));
        expect(await store.head('a/small.json')).toMatchObject({
          key: 'a/small.json',
          bytes: Buffer.from(bytes).length,
        });
      });

      it('replaces the one before it', async () => {
        await store.write('a.json', 'a longer text than the next', 'application/json');
        await store.write('a.json', 'short', 'application/json');
        expect(await text('a.json')).toBe('short');
        expect(await keys('')).toEqual(['a.json']);
      });

      it('is one of those written, when many write it at once', async () => {
        const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(10_000));
        await Promise.all(texts.map((each) => store.write('a.json', each, 'application/json')));
        expect(texts).toContain(await text('a.json'));
        expect(await keys('')).toEqual(['a.json']);
      });

      it('is gone once removed, and its neighbours stay', async () => {
        await store.write('a/one.json', '1', 'application/json');
        await store.write('a/two.json', '2', 'application/json');
        await store.remove('a/one.json');
        expect(await keys('')).toEqual(['a/two.json']);
      });

      it('has the time it was written', async () => {
        await store.write('a.json', '1', 'application/json');
        const info = await store.head('a.json');
        expect(Math.abs(Date.now() - (info?.modifiedMs ?? 0))).toBeLessThan(60_000);
        expect(await all(store.list(''))).toEqual([info]);
      });
    });

    describe('a published file', () => {
      const bytes = randomBytes(3_000_001);

      it('comes back the same', async () => {
        await put('output/a.mp4', bytes);
        const file = await store.fetch('output/a.mp4', signal);
        expect(await sha256(file.path)).toBe(sha256Of(bytes));
        await file.release();
        expect(await store.head('output/a.mp4')).toMatchObject({ bytes: bytes.length });
      });

      it('replaces the one before it', async () => {
        await put('output/a.mp4', bytes);
        await put('output/a.mp4', 'shorter');
        expect(await text('output/a.mp4')).toBe('shorter');
      });

      it('is not there if its file is not', async () => {
        const missing = store.put('output/a.mp4', join(scratch, 'missing'), { contentType: 'video/mp4', signal });
        await expect(missing).rejects.toMatchObject({ code: 'no-input' });
        expect(await keys('')).toEqual([]);
      });

      it('is not there if its putting was aborted', async () => {
        const path = await scratchFile(bytes);
        const aborted = store.put('output/a.mp4', path, { contentType: 'video/mp4', signal: AbortSignal.abort() });
        await expect(aborted).rejects.toMatchObject({ code: 'interrupted' });
        expect(await keys('')).toEqual([]);
        expect((await stat(path)).size).toBe(bytes.length);
      });

      it('is not fetched when aborted', async () => {
        await put('output/a.mp4', bytes);
        await expect(store.fetch('output/a.mp4', AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
      });
    });

    describe('an object of which parts are wanted', () => {
      const bytes = randomBytes(300_000);
      const nothing = async (version: string) => store.fetchParts('input/none.mp4', version, signal);

      it('is a file of its size, with the parts that were asked for in their places', async () => {
        await put('input/film.mp4', bytes);
        const whole = await store.fetch('input/film.mp4', signal);
        const file = await store.fetchParts('input/film.mp4', whole.version, signal);
        await file?.fill([{ start: 10, end: 20 }]);
        await file?.fill([
          { start: 100_000, end: 200_000 },
          { start: 299_999, end: 300_000 },
        ]);
        const found = await readFile(file?.path ?? '');
        expect(found.length).toBe(bytes.length);
        for (const [start, end] of [
          [10, 20],
          [100_000, 200_000],
          [299_999, 300_000],
        ])
          expect(found.subarray(start, end).equals(bytes.subarray(start, end))).toBe(true);
        await file?.release();
        await whole.release();
      });

      it('is none where it was replaced, or is gone', async () => {
        await put('input/film.mp4', bytes);
        const whole = await store.fetch('input/film.mp4', signal);
        await put('input/film.mp4', randomBytes(300_000));
        expect(await store.fetchParts('input/film.mp4', whole.version, signal)).toBeUndefined();
        expect(await nothing(whole.version)).toBeUndefined();
        await whole.release();
      });
    });

    describe('stretches of an object', () => {
      const bytes = randomBytes(300_000);
      const parts = [
        { start: 10, end: 20 },
        { start: 100, end: 104, instead: Buffer.from('JUNK') },
        { start: 100_000, end: 200_000 },
      ];

      it('lie one behind the other in a file of their own, which may be changed', async () => {
        await put('input/film.ts', bytes);
        const whole = await store.fetch('input/film.ts', signal);
        const file = await store.fetchStretches('input/film.ts', whole.version, parts, signal);
        const wanted = [bytes.subarray(10, 20), Buffer.from('JUNK'), bytes.subarray(100_000, 200_000)];
        expect((await readFile(file?.path ?? '')).equals(Buffer.concat(wanted))).toBe(true);
        await writeFile(file?.path ?? '', 'changed');
        await file?.release();
        expect((await readFile(whole.path)).equals(bytes)).toBe(true);
        await whole.release();
      });

      it('are none where it was replaced, or is gone', async () => {
        await put('input/film.ts', bytes);
        const { version, release } = await store.fetch('input/film.ts', signal);
        await put('input/film.ts', randomBytes(300_000));
        expect(await store.fetchStretches('input/film.ts', version, parts, signal)).toBeUndefined();
        expect(await store.fetchStretches('input/none.ts', version, parts, signal)).toBeUndefined();
        await release();
      });
    });

    describe('a link', () => {
      it('has the bytes of what it is made of, which may be removed', async () => {
        await store.write('output/old/a.mp4', 'bytes', 'video/mp4');
        await store.write('output/new/a.mp4', 'other bytes', 'video/mp4');
        await store.link('output/old/a.mp4', 'output/new/a.mp4');
        await store.remove('output/old/a.mp4');
        expect(await text('output/new/a.mp4')).toBe('bytes');
        expect(await store.head('output/old/a.mp4')).toBeUndefined();
      });

      it('is not made of what is not there', async () => {
        await expect(store.link('no/such.mov', 'to.mov')).rejects.toMatchObject({ code: 'no-input' });
        expect(await store.head('to.mov')).toBeUndefined();
      });
    });

    describe('a copy', () => {
      it('has the bytes of the original, which stays', async () => {
        await put('input/a.mov', 'the source');
        await store.copy('input/a.mov', 'output/a.mov/original.mov');
        expect(await text('output/a.mov/original.mov')).toBe('the source');
        expect(await text('input/a.mov')).toBe('the source');
      });

      it('does not change with its original', async () => {
        await put('input/a.mov', 'the source');
        await store.copy('input/a.mov', 'output/a.mov');
        await store.write('input/a.mov', 'changed', 'video/mp4');
        expect(await text('output/a.mov')).toBe('the source');
      });

      it('replaces what has its name', async () => {
        await put('a.mov', 'new');
        await put('b.mov', 'old');
        await store.copy('a.mov', 'b.mov');
        expect(await text('b.mov')).toBe('new');
      });
    });

    describe('a list', () => {
      const written = [
        'a-b.mov',
        'a.mov',
        'a/1.mov',
        'a/b/2.mov',
        'a/b.mov',
        'a0.mov',
        'b.mov',
        'ﬀ.mov',
        '😀.mov',
        'Z.mov',
      ];
      const inOrder = [...written].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));

      beforeEach(async () => {
        for (const key of written) await store.write(key, key, 'video/mp4');
      });

      knowing('is in key order')('is in key order', async () => {
        expect(await keys('')).toEqual(inOrder);
      });

      it.each(['a', 'a/', 'a/b', 'a/b/', 'a/b/2.mov', 'a/1', 'b.mov', 'c', 'b.mov/', 'A'])(
        'under %j has what begins so, and nothing else',
        async (prefix) => {
          expect(await keys(prefix)).toEqual(inOrder.filter((key) => key.startsWith(prefix)));
        },
      );

      it('can be left early', async () => {
        const seen: string[] = [];
        for await (const { key } of store.list('a')) {
          seen.push(key);
          if (seen.length === 2) break;
        }
        expect(seen).toEqual(['a-b.mov', 'a.mov']);
      });
    });

    for (const { what, name } of HARD_NAMES) {
      const test = `keeps a name with ${what} as it is`;
      knowing(test)(test, async () => {
        const key = `input/preserve/${name}`;
        await store.write(key, 'small', 'video/mp4');
        expect(await keys('input/')).toEqual([key]);
        await put(key, 'large');
        await store.copy(key, `output/preserve/${name}/${name}`);
        expect(await text(`output/preserve/${name}/${name}`)).toBe('large');
        expect(await store.head(key)).toMatchObject({ key, bytes: 5 });
        await store.remove(key);
        expect(await keys('')).toEqual([`output/preserve/${name}/${name}`]);
      });
    }

    it.each(HOSTILE_KEYS)('refuses the key %j in every call', async (key) => {
      const path = await scratchFile('x');
      const refused = { code: 'bad-input' };
      await expect(store.head(key)).rejects.toMatchObject(refused);
      await expect(store.read(key)).rejects.toMatchObject(refused);
      await expect(store.write(key, 'x', 'text/plain')).rejects.toMatchObject(refused);
      await expect(store.fetch(key, signal)).rejects.toMatchObject(refused);
      await expect(store.fetchParts(key, 'any', signal)).rejects.toMatchObject(refused);
      await expect(store.fetchStretches(key, 'any', [], signal)).rejects.toMatchObject(refused);
      await expect(store.put(key, path, { contentType: 'text/plain', signal })).rejects.toMatchObject(refused);
      await store.write('good.mov', 'x', 'video/mp4');
      await expect(store.copy(key, 'to.mov')).rejects.toMatchObject(refused);
      await expect(store.copy('good.mov', key)).rejects.toMatchObject(refused);
      await expect(store.remove(key)).rejects.toMatchObject(refused);
      expect(await keys('')).toEqual(['good.mov']);
    });

    it.each(['../', '/', 'a/../../', 'a//'])('refuses to list %j', async (prefix) => {
      await expect(all(store.list(prefix))).rejects.toMatchObject({ code: 'bad-input' });
    });

    it('locates each object elsewhere', () => {
      expect(store.locate('a/b.mov')).toContain('b.mov');
      expect(store.locate('a/b.mov')).not.toBe(store.locate('a/c.mov'));
    });
  });
}

async function all(list: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of list) found.push(info);
  return found;
}
