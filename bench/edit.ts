import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { frameColumns } from '../core/film/frame-columns.ts';
import { type FrameIndex, KEY } from '../core/film/frame-index.ts';
import { manifestSchema } from '../core/job/manifest.ts';
import { contentKeys, cutSource } from '../core/segments/segments.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, mustRun } from './run.ts';

const SEEDS = 20;
const RATE = 25;
const LENGTH = { shortest: 10, longest: 60 };

/** Measures how much of a film is encoded again when a part of it changes. */
export const edit: Measurement = {
  name: 'edit',
  about:
    'An intra-coded source of 20 segments (10-60 s) in which one segment is replaced, or 3 s are inserted near the start. The segments with a new key are counted for 20 seeds, on random packet hashes and with the code that plans jobs; then once with real files, in ProRes, by the manifest.',
  async measure(options) {
    const replaced = Array.from({ length: SEEDS }, (_, seed) => newKeys(seed, replaceSegment));
    const inserted = Array.from({ length: SEEDS }, (_, seed) => newKeys(seed, insertEarly));
    return [
      simulated('one segment replaced', replaced),
      simulated('3 s inserted near the start', inserted),
      ...(await onRealFiles(options.quick)),
    ];
  },
};

function simulated(what: string, counts: readonly number[]): ResultRow {
  const found = median(counts);
  const spread = [...counts].sort((a, b) => a - b);
  return {
    what,
    goal: 'at most 2 of 20 (median of 20 seeds)',
    found: `${found} (all: ${spread.join(' ')})`,
    met: found <= 2,
  };
}

/** Returns the names of the frames of a film that has twenty segments. A name stands for the packet of the frame. */
function filmOf(seed: number): readonly string[] {
  let seconds = 0;
  for (let frames = 400; ; frames += 50) {
    seconds = frames;
    const film = Array.from({ length: seconds * RATE }, (_, i) => `${seed}-${i}`);
    if ((cutSource(indexOf(film), LENGTH)?.ranges.length ?? 0) >= 20) return film;
  }
}

type Edit = (film: readonly string[], seed: number) => readonly string[];

function newKeys(seed: number, change: Edit): number {
  const film = filmOf(seed);
  const before = new Set(keysOf(film));
  return keysOf(change(film, seed)).filter((key) => !before.has(key)).length;
}

const replaceSegment: Edit = (film, seed) => {
  const ranges = cutSource(indexOf(film), LENGTH)?.ranges ?? [];
  const range = ranges[3 + (seed % (ranges.length - 4))] ?? { start: 0, end: 0 };
  return film.map((frame, i) => (i >= range.start && i < range.end ? `${frame}-edited` : frame));
};

const insertEarly: Edit = (film, seed) => {
  const at = (5 + (seed % 10)) * RATE;
  const added = Array.from({ length: 3 * RATE }, (_, i) => `${seed}-added-${i}`);
  return [...film.slice(0, at), ...added, ...film.slice(at)];
};

function keysOf(film: readonly string[]): readonly string[] {
  const index = indexOf(film);
  const cut = cutSource(index, LENGTH);
  return cut
    ? contentKeys(index, cut, { spec: {}, independent: true, margin: 0, context: 0 }).map(({ key }) => key)
    : [];
}

function indexOf(film: readonly string[]): FrameIndex {
  const columns = frameColumns();
  film.forEach((frame, i) => {
    columns.add(i, KEY, createHash('md5').update(frame).digest('hex'));
  });
  return columns.index('packets', { num: 1, den: RATE });
}

/**
 * Measures the same edits on real files: noise in ProRes, whose parts are joined by stream copy before and after the
 * edit.
 */
async function onRealFiles(quick: boolean): Promise<readonly ResultRow[]> {
  const folder = await mkdtemp(join(await cacheFolder(), 'edit-'));
  const length = quick ? '1-2' : '10-60';
  const scale = quick ? 0.05 : 1;
  const part = (name: string, seconds: number, seed: number) =>
    ffmpeg(
      ...['-f', 'lavfi'],
      ...['-i', `color=gray:s=64x64:r=${RATE}:d=${seconds * scale},noise=alls=60:allf=t:all_seed=${seed}`],
      ...['-c:v', 'prores_ks', '-profile:v', '0', '-pix_fmt', 'yuv422p10le', join(folder, name)],
    );
  try {
    await part('a.mov', 240, 1);
    await part('b.mov', 30, 2);
    await part('c.mov', 330, 3);
    await part('new.mov', 3, 4);
    await part('b2.mov', 30, 5);
    const run = async (name: string, parts: readonly string[]) => {
      const list = join(folder, `${name}.txt`);
      await writeFile(list, parts.map((file) => `file '${file}'\n`).join(''));
      const source = join(folder, 'film.mov');
      await ffmpeg('-f', 'concat', '-i', list, '-c', 'copy', source);
      const settings = ['preset=ultrafast', `segmentSeconds=${length}`, 'evenIfLarger=true'].flatMap((each) => [
        '--set',
        each,
      ]);
      await mustRun(process.execPath, [
        CLI,
        'run',
        source,
        '--recipe',
        'preserve',
        '--layout',
        'folders',
        '--out',
        join(folder, 'out'),
        ...settings,
      ]);
      const path = join(folder, 'out', 'preserve', 'film.mov', 'manifest.json');
      return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8'))).renditions[0]?.segments;
    };
    await run('first', ['a.mov', 'b.mov', 'c.mov']);
    const replaced = await run('replaced', ['a.mov', 'b2.mov', 'c.mov']);
    await run('again', ['a.mov', 'b.mov', 'c.mov']);
    const inserted = await run('inserted', ['new.mov', 'a.mov', 'b.mov', 'c.mov']);
    return [
      {
        what: 'real files: 30 s in the middle replaced',
        found: `${replaced?.encoded} of ${replaced?.total} segments encoded`,
      },
      {
        what: 'real files: 3 s inserted before the start',
        found: `${inserted?.encoded} of ${inserted?.total} segments encoded`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
