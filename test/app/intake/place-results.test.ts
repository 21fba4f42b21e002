import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { type SqliteJobStore, sqliteJobStore } from '../../../adapters/local/sqlite-job-store.ts';
import { type SqliteResultNames, sqliteResultNames } from '../../../adapters/local/sqlite-result-names.ts';
import { placeResults } from '../../../app/intake/place-results.ts';
import type { LaidOrder, NamedFilm, PlacingPorts } from '../../../app/intake/placing.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const order = (recipe: string, rank = 0, layout: 'files' | 'folders' = 'files'): LaidOrder => ({
  recipe: recipeNamed(recipe),
  settings: {},
  layout,
  rank,
});
const PRESERVE = order('preserve');
const DOWNSCALE = order('downscale', 1);
const LADDER = order('ladder', 2);

const film = (location: string, path = location.slice(location.lastIndexOf('/') + 1)): NamedFilm => ({
  path,
  location,
});

describe('films are named', () => {
  let out: string;
  let jobs: SqliteJobStore;
  let names: SqliteResultNames;
  let there: Set<string>;
  let ports: PlacingPorts;
  beforeEach(async () => {
    out = await temporaryFolder();
    jobs = sqliteJobStore(join(out, 'jobs.sqlite'), () => true);
    names = sqliteResultNames(join(out, 'jobs.sqlite'));
    there = new Set();
    ports = {
      jobs,
      names: names.in(out),
      outputs: folderStore(out),
      store: out,
      isThere: async (location) => there.has(location),
      identify: async () => ({ bytes: 1, sha256: async () => 'a' }),
    };
  });
  afterEach(() => {
    jobs.close();
    names.close();
  });

  /** The keys of the films without extension, and of everything else. */
  async function placed(films: readonly NamedFilm[], orders: readonly LaidOrder[] = [PRESERVE]) {
    for (const { location } of films) there.add(location);
    const all = await placeResults(films, orders, ports);
    return films.flatMap((each) =>
      (all.get(each) ?? []).map(({ films: named, outputPrefix }) => named?.stem ?? outputPrefix),
    );
  }

  it.each([
    { what: 'by their own name and place', films: [film('/in/2019/a.mov', '2019/a.mov')], stems: ['2019/a'] },
    {
      what: 'by extension, if another would get the name',
      films: [film('/in/a.mov'), film('/in/a.avi')],
      stems: ['a.mov', 'a'],
    },
    { what: 'first if the name is their own', films: [film('/in/a.avi'), film('/in/a.mp4')], stems: ['a.avi', 'a'] },
    {
      what: 'by recipe',
      films: [film('/in/street.mov')],
      orders: [PRESERVE, DOWNSCALE],
      stems: ['street', 'street.downscale'],
    },
    {
      what: 'by folder, if the file names are equal',
      films: [film('/card1/C1.MP4'), film('/card2/C1.MP4')],
      stems: ['C1', 'C1.card2'],
    },
    {
      what: 'by hash, if nothing else differs',
      films: [film('/x/card/C1.MP4'), film('/y/card/C1.MP4'), film('/z/card/C1.MP4')],
      stems: ['C1', 'C1.card', expect.stringMatching(/^C1\.card\.preserve$/)],
    },
    { what: 'apart if they differ in case only', films: [film('/in/A.mov'), film('/in/a.mkv')], stems: ['A', 'a.mkv'] },
    {
      what: 'apart if they differ in the form of letters only',
      films: [film('/in/caf\u00e9.mov'), film('/in/cafe\u0301.avi')],
      stems: ['caf\u00e9.mov', 'cafe\u0301'],
    },
    {
      what: 'with their dots',
      films: [film('/in/a.b.c.mov'), film('/in/.x'), film('/in/noext')],
      stems: ['a.b.c', '.x', 'noext'],
    },
    {
      what: 'not at all, where they lie in folders',
      films: [film('/in/a.mov')],
      orders: [LADDER, order('ladder', 0, 'folders')],
      stems: ['a', 'ladder/a.mov'],
    },
  ])('$what', async ({ films, orders, stems }) => {
    expect(await placed(films, orders)).toEqual(stems);
  });

  it('alike, whatever order films and recipes are given in, and again in every later run', async () => {
    const films = ['/in/a.mov', '/in/a.avi', '/in/A.mkv', '/in/a.mp4'].map((location) => film(location));
    const orders = [PRESERVE, DOWNSCALE];
    const table = async (some: readonly NamedFilm[], asked: readonly LaidOrder[]) => {
      const all = await placeResults(some, asked, ports);
      return new Map(
        some.flatMap((each) =>
          (all.get(each) ?? []).map((one) => [`${one.recipe.id} ${each.location}`, one.films?.stem] as const),
        ),
      );
    };
    const one = await table(films, orders);
    expect(new Set(one.values()).size).toBe(8);
    const again = await table([...films].reverse(), [...orders].reverse());
    expect([...again].sort()).toEqual([...one].sort());
    names.close();
    names = sqliteResultNames(join(await temporaryFolder(), 'jobs.sqlite'));
    ports = { ...ports, names: names.in(out) };
    const afresh = await table([...films].reverse(), [...orders].reverse());
    expect([...afresh].sort()).toEqual([...one].sort());
  });

  it('keeps what was named before, when another comes that would be first', async () => {
    expect(await placed([film('/in/a.mov')])).toEqual(['a']);
    expect(await placed([film('/in/a.mp4'), film('/in/a.mov')])).toEqual(['a.mp4', 'a']);
  });

  it('never gives the name of a file that no job made', async () => {
    await writeFile(join(out, 'a.mp4'), 'mine');
    expect(await placed([film('/in/a.mov')])).toEqual(['a.mov']);
  });

  it('names a film beside its source, if the results go there', async () => {
    await writeFile(join(out, 'a.mp4'), 'the source');
    expect(await placed([film(join(out, 'a.mp4'))])).toEqual(['a.preserve']);
  });

  it('gives two films of one path two folders, also in the layout `folders`', async () => {
    const [one, other] = await placed([film('/x/a.mov'), film('/y/a.mov')], [order('preserve', 0, 'folders')]);
    expect(one).toBe('preserve/a.mov');
    expect(other).toMatch(/^preserve\/a\.mov~[0-9a-f]{8}$/);
  });

  it('leaves the place to a film whose folder was moved, if its bytes are the same', async () => {
    await placed([film('/old/a.mov')]);
    there.clear();
    await mkdir(join(out, '.reelmill/preserve/a.mov'), { recursive: true });
    expect(await placed([film('/new/a.mov')])).toEqual(['a']);
    expect(await placed([film('/new/a.mov'), film('/old/a.mov')])).toEqual(['a', 'a.old']);
  });

  it('fits every name into 255 bytes', async () => {
    const long = 'é'.repeat(125);
    const stems = await placed([film(`/in/${long}.mov`), film(`/in/${long}.avi`)], [PRESERVE, DOWNSCALE]);
    expect(new Set(stems).size).toBe(4);
    for (const stem of stems) expect(Buffer.byteLength(String(stem))).toBeLessThanOrEqual(251);
    for (const stem of stems) await mkdir(dirname(join(out, `${stem}.mp4`)), { recursive: true });
    for (const stem of stems) await writeFile(join(out, `${stem}.mp4`), '');
  });

  describe('in place', () => {
    const inPlace = (recipe: string): LaidOrder => ({ ...order(recipe), replaces: true });

    it('by their own name, though it is the result of another job', async () => {
      await writeFile(join(out, 'a.mov'), 'source');
      expect(await placed([film(join(out, 'a.mov'))], [inPlace('preserve')])).toEqual(['a']);
      there.clear(); // it became a.mp4
      await writeFile(join(out, 'a.mp4'), 'result');
      expect(await placed([film(join(out, 'a.mp4'))], [inPlace('downscale')])).toEqual(['a']);
    });

    it('by a name that another job had in vain, since neither its film nor its source is there any more', async () => {
      expect(await placed([film(join(out, 'a.mov'))], [inPlace('preserve')])).toEqual(['a']);
      there.clear();
      expect(await placed([film(join(out, 'a.avi'))], [inPlace('preserve')])).toEqual(['a']);
    });

    it('apart, if two sources would become one film', async () => {
      const films = [film(join(out, 'a.avi')), film(join(out, 'a.mov'))];
      expect(await placed(films, [inPlace('preserve')])).toEqual(['a', 'a.mov']);
    });
  });
});
