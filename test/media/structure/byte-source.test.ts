import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withByteSource } from '../../../media/structure/byte-source.ts';
import { fileOf } from '../../fixtures/make.ts';

const { signal } = new AbortController();
const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919 + (i >> 8)) & 255));

it('gives the bytes of the file in any order of reads, and earlier results stay as they were', async () => {
  const path = await fileOf('bytes.bin', BYTES);
  const read = fc.record({ at: fc.integer({ min: 0, max: BYTES.length + 10 }), length: fc.nat(70_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(read, { minLength: 1, maxLength: 30 }), async (reads) => {
      const results = await withByteSource(path, signal, async (source) => {
        const all: Buffer[] = [];
        for (const { at, length } of reads) all.push(await source.read(at, length));
        return all;
      });
      for (const [i, { at, length }] of reads.entries()) {
        expect(results[i]?.equals(BYTES.subarray(at, at + length))).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

it('gives nothing before the beginning and behind the end', async () => {
  const path = await fileOf('bytes.bin', BYTES);
  await withByteSource(path, signal, async (source) => {
    for (const at of [-1, BYTES.length, Number.MAX_SAFE_INTEGER, Number.NaN])
      expect(await source.read(at, 8)).toHaveLength(0);
  });
});

it('refuses a read larger than any structure needs', async () => {
  const path = await fileOf('bytes.bin', BYTES);
  const reading = withByteSource(path, signal, (source) => source.read(0, 1e9));
  await expect(reading).rejects.toMatchObject({ code: 'over-limit' });
});

it('stops between two reads when it is interrupted', async () => {
  const path = await fileOf('bytes.bin', BYTES);
  const stop = new AbortController();
  const reading = withByteSource(path, stop.signal, async (source) => {
    await source.read(0, 8);
    stop.abort();
    return source.read(0, 8);
  });
  await expect(reading).rejects.toMatchObject({ code: 'interrupted' });
  expect(await readFile(path)).toEqual(BYTES);
});
