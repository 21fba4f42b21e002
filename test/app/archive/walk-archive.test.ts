import { beforeEach, describe, expect, it } from '@jest/globals';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { walkArchive } from '../../../app/archive/walk-archive.ts';
import type { StoredObject } from '../../../core/archive/stored-sum.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILMS = 24;
const BYTES = 10;

describe('the walk through an archive', () => {
  let store: ObjectStore;
  let objects: Map<string, StoredObject>;
  beforeEach(async () => {
    store = folderStore(await temporaryFolder());
    objects = new Map();
    const [rendition] = manifestFixture().renditions;
    for (let i = 0; i < FILMS && rendition; i++) {
      const renditions = [{ ...rendition, path: 'film.mp4', bytes: BYTES, crc64nvme: 'S' }];
      await store.write(`output/preserve/${i}.mov/manifest.json`, JSON.stringify(manifestFixture({ renditions })), '');
      objects.set(`output/preserve/${i}.mov/film.mp4`, {
        bytes: BYTES,
        modifiedMs: 0,
        crc64nvme: 'S',
        archivedIn: undefined,
      });
    }
  });

  const walk = (
    month: string,
    months: number,
    { untilMs = 1e9, stored = async (key: string) => objects.get(key) } = {},
  ) =>
    walkArchive(
      { month, months, prefix: 'output/', untilMs },
      { store, clock: { now: () => 1000, elapsed: () => 1000, newId: () => '' }, stored },
    );

  it('looks at every file once in so many months', async () => {
    const asked: string[] = [];
    const stored = async (key: string) => {
      asked.push(key);
      return objects.get(key);
    };
    for (const month of ['2026-11', '2026-12', '2027-01', '2027-02']) await walk(month, 4, { stored });
    expect(asked.toSorted()).toEqual([...objects.keys()].toSorted());
  });

  it('tells what is missing, changed or cannot be looked at, and names no more than 20 of them', async () => {
    const [gone = '', other = '', shut = ''] = objects.keys();
    objects.delete(gone);
    objects.set(other, { bytes: BYTES, modifiedMs: 0, crc64nvme: 'T', archivedIn: undefined });
    const stored = async (key: string) => {
      if (key === shut) throw new ServiceError('no-input', 'looking at it is refused');
      return objects.get(key);
    };
    const { counts, bad, isWhole } = await walk('2026-11', 1, { stored });
    expect({ counts, isWhole }).toMatchObject({
      counts: { agrees: FILMS - 3, missing: 1, changed: 1, unreadable: 1 },
      isWhole: true,
    });
    expect(new Set(bad.map(({ key, fixity }) => `${key} ${fixity}`))).toEqual(
      new Set([`${gone} missing`, `${other} changed`, `${shut} unreadable`]),
    );
    objects.clear();
    const all = await walk('2026-11', 1);
    expect([all.counts.missing, all.bad.length]).toEqual([FILMS, 20]);
  });

  it('counts a damaged manifest as a file that cannot be read', async () => {
    await store.write('output/preserve/0.mov/manifest.json', '{"recipe"', '');
    expect((await walk('2026-11', 1)).counts).toMatchObject({ agrees: FILMS - 1, unreadable: 1 });
  });

  it('ends when its time does, and says that it did', async () => {
    expect(await walk('2026-11', 1, { untilMs: 1000 })).toMatchObject({ isWhole: false, counts: { agrees: 0 } });
  });

  it('tells nothing while S3 is not there', async () => {
    const stored = async () => Promise.reject(new ServiceError('busy', 'SlowDown; try again'));
    await expect(walk('2026-11', 1, { stored })).rejects.toMatchObject({ code: 'busy' });
  });
});
