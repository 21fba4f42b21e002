import { describe, expect, it } from '@jest/globals';
import {
  bulkCost,
  LARGEST_COPY_BYTES,
  type ListedFile,
  reclassOf,
  refuseUndone,
  retagOf,
  tallyOf,
} from '../../../core/storage/bulk-change.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';

async function* files(...list: readonly ListedFile[]) {
  yield* list;
}
const file = (bytes: number, storageClass = 'INTELLIGENT_TIERING'): ListedFile => ({ bytes, storageClass });
const toGlacier = reclassOf('output/', 'GLACIER_IR');

describe('a change of class', () => {
  it('leaves what is in the class, too small, too large or archived, and counts it', async () => {
    const listed = files(
      file(1e9),
      file(LARGEST_COPY_BYTES),
      file(LARGEST_COPY_BYTES + 1),
      file(128 * 1024),
      file(128 * 1024 - 1),
      file(1e9, 'GLACIER_IR'),
      file(1e9, 'DEEP_ARCHIVE'),
    );
    const tally = {
      objects: 3,
      bytes: 1e9 + LARGEST_COPY_BYTES + 131_072,
      already: 1,
      small: 1,
      large: 1,
      archived: 1,
    };
    expect(await tallyOf(toGlacier, listed)).toEqual(tally);
  });

  it('costs job, requests, and the old versions for a month where the bucket keeps any', () => {
    const tally = { objects: 1000, bytes: 500e9, already: 0, small: 0, large: 0, archived: 0 };
    const prices = listedPrices();
    const cost = bulkCost(toGlacier, tally, { keepsVersions: true, prices });
    expect(cost.jobUsd).toBeCloseTo(0.25 + 1000 * (0.000001 + 0.00002), 9);
    expect(cost.oldVersionsUsd).toBeCloseTo(500 * 0.023, 9);
    expect(bulkCost(toGlacier, tally, { keepsVersions: false, prices }).oldVersionsUsd).toBe(0);
  });

  it.each([
    { to: 'STANDARD_IA', ruled: 'INTELLIGENT_TIERING' },
    { to: 'STANDARD_IA', ruled: 'GLACIER_IR' },
    { to: 'INTELLIGENT_TIERING', ruled: 'GLACIER_IR' },
  ])('to $to is refused where a rule brings files to $ruled', ({ to, ruled }) => {
    expect(() => refuseUndone(reclassOf('output/', to), ruled)).toThrow(/would take .* back; set resultClass/);
  });

  it.each([
    { to: 'GLACIER_IR', ruled: 'INTELLIGENT_TIERING' },
    { to: 'INTELLIGENT_TIERING', ruled: 'STANDARD_IA' },
    { to: 'STANDARD_IA', ruled: 'STANDARD_IA' },
    { to: 'STANDARD_IA', ruled: undefined },
  ])('to $to stays where a rule brings files to $ruled', ({ to, ruled }) => {
    refuseUndone(reclassOf('output/', to), ruled);
  });

  it.each([
    { prefix: 'output/', name: 'DEEP_ARCHIVE', says: /--class takes STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR/ },
    { prefix: 'output/', name: 'glacier_ir', says: /not "glacier_ir"/ },
    { prefix: 'input/preserve/', name: 'GLACIER_IR', says: /a copy in input\/ would be a drop/ },
    { prefix: '', name: 'GLACIER_IR', says: /only files in output\// },
    { prefix: 'outputs', name: 'GLACIER_IR', says: /only files in output\// },
  ])('of "$prefix" to $name is refused in a sentence', ({ prefix, name, says }) => {
    expect(() => reclassOf(prefix, name)).toThrow(says);
  });
});

describe('a change of tags', () => {
  it('is of every file, whatever its class and size', async () => {
    const change = retagOf('input/preserve/', ['archive=yes', 'year=2019']);
    expect(change).toEqual({ kind: 'retag', prefix: 'input/preserve/', tags: { archive: 'yes', year: '2019' } });
    const tally = await tallyOf(change, files(file(1), file(6e9), file(1, 'DEEP_ARCHIVE')));
    expect(tally).toMatchObject({ objects: 3, bytes: 6e9 + 2 });
  });

  it.each([
    { pairs: [], says: /once to ten times/ },
    { pairs: Array.from({ length: 11 }, (_, i) => `k${i}=v`), says: /once to ten times/ },
    { pairs: ['archive'], says: /--tag archive is no tag/ },
    { pairs: ['=yes'], says: /is no tag/ },
    { pairs: ['a=1', 'a=2'], says: /a key twice/ },
    { pairs: [`a=${'x'.repeat(257)}`], says: /is no tag/ },
    { pairs: ['a=<b>'], says: /is no tag/ },
  ])('$pairs is refused in a sentence', ({ pairs, says }) => {
    expect(() => retagOf('input/', pairs)).toThrow(says);
  });

  it('is refused outside of input/ and output/', () => {
    expect(() => retagOf('work/', ['a=b'])).toThrow(/only files in input\/ and output\/ are tagged/);
  });
});
