import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { QUICK, testMill } from '../support/mill.ts';

/** Takes from the records of all pieces what earlier versions did not write. */
async function makeOlder(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const records = names.filter((name) => name.endsWith('.nut.json')).map((name) => join(folder, name));
  for (const record of records) {
    const { hasMarked: _, ...older } = JSON.parse(await readFile(record, 'utf8'));
    await writeFile(record, JSON.stringify(older));
  }
  return records.length;
}

it('pieces of a version that noted no frames that a decoder only marks are told', async () => {
  const mill = await testMill();
  const source = await mill.own(await clip('cfr'));
  const settings = { ...QUICK, evenIfLarger: 'true' };
  const first = await mill.run(source, 'preserve', settings);
  expect((await first.manifest()).warnings).toEqual([]);
  const pieces = await makeOlder(join(mill.folder, 'work', 'cache'));
  const again = await mill.run(source, 'preserve', settings, { remake: true });
  expect(again.encoded()).toEqual({});
  expect((await again.manifest()).warnings).toEqual([
    `pieces of an earlier version are used again (${pieces}), which did not note the pictures that a decoder only marks as damaged; another --work makes them anew`,
  ]);
});
