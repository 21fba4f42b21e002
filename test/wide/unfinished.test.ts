import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { judgeStructure } from '../../media/structure/judge-structure.ts';
import type { ClipName } from '../fixtures/clips.ts';
import { clip, fileOf } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

const { signal } = new AbortController();
const UNIT_BYTES = 6144;

/** The bytes of an FLV whose writer never came back to write how long and how large it is. */
function withoutLength(bytes: Buffer): Buffer {
  const edited = Buffer.from(bytes);
  for (const name of ['duration', 'filesize'])
    edited.writeDoubleBE(0, edited.indexOf(name, 0, 'latin1') + name.length + 1);
  return edited;
}

const unitsOf = (bytes: Buffer, share: number) => Math.floor((bytes.length * share) / UNIT_BYTES) * UNIT_BYTES;

describe('a file that says itself that it was never finished, or is a piece by its form', () => {
  const FILES = [
    { what: 'a WebM of clusters with sizes', name: 'liveWebm', cut: (bytes) => bytes.subarray(0, -9) },
    { what: 'a WebM of clusters without sizes', name: 'browserWebm', cut: (bytes) => bytes.subarray(0, -9) },
    { what: 'an FLV without a length', name: 'flv', cut: (bytes) => withoutLength(bytes).subarray(0, -9) },
  ] as const satisfies readonly { what: string; name: ClipName; cut: (bytes: Buffer) => Buffer }[];

  it.each(FILES)('is published without its last bytes, whose number is told: $what', async ({ name, cut }) => {
    const path = await clip(name);
    const source = await fileOf(path.slice(path.lastIndexOf('/') + 1), cut(await readFile(path)));
    const { manifest } = await milledFile(source, { preset: 'ultrafast', evenIfLarger: 'true' });
    const told = manifest.warnings.filter((line) => /the last [1-9]\d* bytes are not used$/.test(line));
    expect(told).toHaveLength(1);
    expect(manifest.warnings.filter((line) => /copy it again|damaged/.test(line))).toEqual([]);
  });

  it('is a piece of a camera that ends with a whole unit, wherever its PES packets end', async () => {
    const bytes = await readFile(await clip('m2ts'));
    const units = Array.from({ length: 6 }, (_, i) => unitsOf(bytes, 0.4 + i / 10));
    const found = await Promise.all(
      units.map(async (size) => judgeStructure(await fileOf('00000.MTS', bytes.subarray(0, size)), signal)),
    );
    const told = found.flatMap(({ warnings }) => warnings.filter((line) => /the last \d+ bytes/.test(line)));
    expect(told.length).toBeGreaterThan(0);
    const [cut] = units.filter((_, i) => found[i]?.warnings.length);
    const copy = judgeStructure(await fileOf('00000.MTS', bytes.subarray(0, (cut ?? 0) - 192)), signal);
    await expect(copy).rejects.toMatchObject({ code: 'truncated', message: expect.stringContaining('copy it again') });
  });

  it('is refused where an FLV says how long it is', async () => {
    const bytes = Buffer.from(await readFile(await clip('flv')));
    bytes.writeDoubleBE(0, bytes.indexOf('filesize', 0, 'latin1') + 9);
    const judged = judgeStructure(await fileOf('plain.flv', bytes.subarray(0, -9)), signal);
    await expect(judged).rejects.toMatchObject({ code: 'truncated' });
  });
});
