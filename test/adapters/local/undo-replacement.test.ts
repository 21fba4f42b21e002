import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Entry,
  entriesIn,
  type OriginalsPlace,
  originalName,
  originalsOf,
  replaceInPlace,
} from '../../../adapters/local/originals-folder.ts';
import { removeOriginal, undoReplacement } from '../../../adapters/local/undo-replacement.ts';
import { sha256 } from '../../support/hash.ts';
import { filmsIn } from '../../support/kill-storm.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Step = readonly [source: string, film: string];
const SAME_NAME: readonly Step[] = [
  ['a.mov', 'a.mp4'],
  ['a.mp4', 'a.mp4'],
  ['a.mp4', 'a.mp4'],
];
const BACK_TO_THE_NAME: readonly Step[] = [
  ['a.mov', 'a.mp4'],
  ['a.mp4', 'a.mov'],
  ['a.mov', 'a.mkv'],
];

describe('a film that was replaced several times', () => {
  let root: string;
  let options: OriginalsPlace;
  let atMs: number;
  beforeEach(async () => {
    root = await temporaryFolder();
    options = { root, signal: new AbortController().signal, hash: sha256 };
    await writeFile(join(root, 'a.mov'), 'the original');
    atMs = 1;
  });

  /** Replaces a film, and publishes the manifest as a job does. Returns the entry. */
  async function replace([source, film]: Step, text: string): Promise<Entry> {
    const file = join(root, '.reelmill', 'verified');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    const { size: bytes, mtimeMs: modifiedMs } = await stat(join(root, source));
    const was = { bytes, modifiedMs, sha256: await sha256(join(root, source)) };
    const is = { bytes: text.length, sha256: await sha256(file) };
    const manifest = { key: `.reelmill/recipe${atMs}/${source}/manifest.json`, text: '{}' };
    const job = `${atMs++}`.repeat(16);
    await replaceInPlace({ job, source, film, was, is, file, manifest }, options);
    await mkdir(dirname(join(root, manifest.key)), { recursive: true });
    await writeFile(join(root, manifest.key), manifest.text);
    const entry = (await entriesIn(root)).find((each) => each.job === job);
    if (!entry) throw new Error('nothing was put aside');
    return entry;
  }

  async function replaceInTurn(steps: readonly Step[]): Promise<readonly Entry[]> {
    const made: Entry[] = [];
    for (const [at, step] of steps.entries()) made.push(await replace(step, `film ${at}`));
    return made;
  }

  const texts = async () => {
    const names = [...(await filmsIn(root)).keys()].sort();
    return Promise.all(names.map(async (name) => [name, await readFile(join(root, name), 'utf8')]));
  };

  it.each([
    { what: 'under one name', steps: SAME_NAME },
    { what: 'under changing names', steps: BACK_TO_THE_NAME },
  ])('$what gets its original back though those in between were deleted', async ({ steps }) => {
    const [first, ...later] = await replaceInTurn(steps);
    for (const entry of [...later].reverse()) await removeOriginal(entry, await entriesIn(root), options);
    const [kept] = (await entriesIn(root)).filter(({ job }) => job === first?.job);
    if (!kept) throw new Error('the first original is gone');
    await undoReplacement(kept, await entriesIn(root), options);
    expect(await texts()).toEqual([['a.mov', 'the original']]);
    expect(await readdir(originalsOf(root))).toEqual([]);
    for (const { manifest } of [kept, ...later])
      expect(await stat(join(root, manifest)).catch(() => 'gone')).toBe('gone');
  });

  it('gets it back though somebody removed the files in between', async () => {
    const [first, second] = await replaceInTurn(SAME_NAME.slice(0, 2));
    if (!first || !second) throw new Error('nothing was put aside');
    await rm(join(second.folder, originalName(second)));
    await undoReplacement(first, await entriesIn(root), options);
    expect(await texts()).toEqual([['a.mov', 'the original']]);
  });

  it('is undone step by step, the last one first', async () => {
    const [first, second] = await replaceInTurn(SAME_NAME.slice(0, 2));
    if (!first || !second) throw new Error('nothing was put aside');
    await expect(undoReplacement(first, await entriesIn(root), options)).rejects.toMatchObject({
      code: 'cannot-write',
      message: 'a.mp4 was replaced again by the job 222222222222; undo that first',
    });
    for (const entry of [second, first]) await undoReplacement(entry, await entriesIn(root), options);
    expect(await texts()).toEqual([['a.mov', 'the original']]);
  });

  it('lets all its originals go, in either order', async () => {
    for (const inTurn of [(all: readonly Entry[]) => all, (all: readonly Entry[]) => [...all].reverse()]) {
      const all = await replaceInTurn(SAME_NAME);
      for (const entry of inTurn(all)) await removeOriginal(entry, await entriesIn(root), options);
      expect({ films: await texts(), aside: await readdir(originalsOf(root)) }).toEqual({
        films: [['a.mp4', 'film 2']],
        aside: [],
      });
      await rm(join(root, 'a.mp4'));
      await writeFile(join(root, 'a.mov'), 'the original');
    }
  });

  it('is left alone if the last film was edited since', async () => {
    const [first, second] = await replaceInTurn(SAME_NAME.slice(0, 2));
    if (!first || !second) throw new Error('nothing was put aside');
    await removeOriginal(second, await entriesIn(root), options);
    await writeFile(join(root, 'a.mp4'), 'edited');
    for (const attempt of [undoReplacement, removeOriginal])
      await expect(attempt(first, await entriesIn(root), options)).rejects.toMatchObject({ code: 'cannot-write' });
    expect(await texts()).toEqual([['a.mp4', 'edited']]);
  });
});
