import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceFile } from '../../../../web/player/line/remote-file.ts';
import { type KeyOrigin, PIECE_BYTES } from '../../../../web/player/take-along/format.ts';
import { readCopy } from '../../../../web/player/take-along/read-copy.ts';
import { keyOfAccount, keyOfPassphrase, type UserKey } from '../../../../web/player/take-along/user-key.ts';
import { writeCopy } from '../../../../web/player/take-along/write-copy.ts';

const SECRET = new Uint8Array(32).fill(7);
const signal = new AbortController().signal;

/** Bytes in memory, read as films are. */
function fileOf(bytes: Uint8Array): SourceFile {
  return {
    size: () => bytes.length,
    async read({ from, to }, _, take) {
      await take(bytes.subarray(from, Math.min(to, bytes.length)));
      return Math.min(to, bytes.length);
    },
  };
}

async function copied(bytes: Uint8Array, key: UserKey): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const sink = { write: async (part: Uint8Array<ArrayBuffer>) => void parts.push(part) };
  await writeCopy(fileOf(bytes), sink, key, { signal, onProgress: () => {} });
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const opened = (copy: BlobPart, key: UserKey) => readCopy(new Blob([copy]), async () => key.key);

async function all(file: SourceFile, from = 0, to = Number.MAX_SAFE_INTEGER): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  await file.read({ from, to }, signal, async (part) => void parts.push(new Uint8Array(part)));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const film = Uint8Array.from({ length: 3 * PIECE_BYTES + 1234 }, (_, i) => (i * 7919) >> 3);
const TAG = 16;

describe('a copy that was taken along', () => {
  it('gives back every range of the film, and holds none of it in clear', async () => {
    const key = await keyOfAccount(SECRET);
    const copy = await copied(film, key);
    const file = await opened(copy, key);
    expect(Buffer.compare(await all(file), film)).toBe(0);
    expect(Buffer.from(copy).indexOf(Buffer.from(film.subarray(1000, 1032)))).toBe(-1);
    await fc.assert(
      fc.asyncProperty(fc.nat(film.length), fc.nat(film.length), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(Buffer.compare(await all(file, from, to), film.subarray(from, to))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('is another one each time, though the film and the key are the same', async () => {
    const key = await keyOfAccount(SECRET);
    expect(Buffer.compare(await copied(film, key), await copied(film, key))).not.toBe(0);
  });

  it('opens with the same passphrase on another device, and with no other key', async () => {
    const fast: KeyOrigin = { kind: 'passphrase', salt: 'AAAAAAAAAAAAAAAAAAAAAA==', rounds: 1000 };
    const copy = await copied(film, await keyOfPassphrase('open sesame', fast));
    expect((await all(await opened(copy, await keyOfPassphrase('open sesame', fast)))).length).toBe(film.length);
    const wrong = 'This copy was made with another key: it cannot be opened with this one.';
    await expect(opened(copy, await keyOfPassphrase('open Sesame', fast))).rejects.toThrow(wrong);
    await expect(opened(copy, await keyOfAccount(SECRET))).rejects.toThrow(wrong);
  });

  it('has keys whose bytes no script can read', async () => {
    for (const { key } of [await keyOfAccount(SECRET), await keyOfPassphrase('x')])
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  const pieceAt = (copy: Uint8Array, i: number) => copy.length - (1234 + TAG) - (3 - i) * (PIECE_BYTES + TAG);
  it.each([
    { how: 'cut in a piece', edit: (copy: Uint8Array) => copy.subarray(0, -1), says: 'This copy is cut' },
    {
      how: 'cut between two pieces',
      edit: (copy: Uint8Array) => copy.subarray(0, pieceAt(copy, 3)),
      says: 'This copy is cut',
    },
    { how: 'cut in its header', edit: (copy: Uint8Array) => copy.subarray(0, 100), says: 'it is cut at its beginning' },
    { how: 'empty', edit: () => new Uint8Array(), says: 'This file is no copy of a film' },
    { how: 'longer', edit: (copy: Uint8Array) => Buffer.concat([copy, Buffer.alloc(1)]), says: 'This copy is longer' },
    { how: 'a film in clear', edit: () => film, says: 'This file is no copy of a film' },
    {
      how: 'changed in the order of its pieces',
      edit(copy: Uint8Array) {
        const [a, b, c] = [pieceAt(copy, 0), pieceAt(copy, 1), pieceAt(copy, 2)];
        return Buffer.concat([copy.subarray(0, a), copy.subarray(b, c), copy.subarray(a, b), copy.subarray(c)]);
      },
      says: 'This copy was changed: its piece 1 of 4',
    },
    {
      how: 'shortened by a piece, with a header that says so',
      edit(copy: Uint8Array) {
        const text = Buffer.from(copy).toString('latin1');
        const shorter = text.replace(`"bytes":${film.length}`, `"bytes":${3 * PIECE_BYTES}`);
        return Buffer.from(shorter, 'latin1').subarray(0, pieceAt(copy, 3));
      },
      says: 'This copy was changed: its piece 1 of 3',
    },
  ])('is refused where it is $how', async ({ edit, says }) => {
    const key = await keyOfAccount(SECRET);
    const copy = new Uint8Array(edit(await copied(film, key)));
    await expect(opened(copy, key).then(all)).rejects.toThrow(says);
  });

  it('is refused whichever byte of it is changed', async () => {
    const key = await keyOfAccount(SECRET);
    const small = film.subarray(0, 500);
    const copy = await copied(small, key);
    await fc.assert(
      fc.asyncProperty(fc.nat(copy.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = new Uint8Array(copy);
        changed[at] = (changed[at] ?? 0) ^ by;
        await expect(opened(changed, key).then(all)).rejects.toMatchObject({ kind: 'key' });
      }),
      { numRuns: 200 },
    );
  });
});
