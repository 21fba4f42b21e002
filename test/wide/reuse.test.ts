import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { sphere } from '../../core/recipes/sphere.ts';
import { makeClip } from '../fixtures/make.ts';
import { saying, st3d, sv3d } from '../fixtures/spheres.ts';
import { testMill } from '../support/mill.ts';

const run = promisify(execFile);

/** Noise, every frame by itself; seconds are whole numbers of ticks, so that each begins a piece. */
const RATE = 8;
const part = (name: string, seconds: number, seed: number) => ({
  file: `${name}.mp4`,
  args: [
    ...['-f', 'lavfi', '-i', `color=gray:s=128x64:r=${RATE}:d=${seconds},noise=alls=20:allf=t:all_seed=${seed}`],
    ...['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-color_range', 'pc'],
  ],
});
const SECONDS = { start: 2, middle: 1, changed: 1, end: 3, new: 1 };
const PARTS = {
  start: part('start', SECONDS.start, 1),
  middle: part('middle', SECONDS.middle, 2),
  changed: part('changed', SECONDS.changed, 3),
  end: part('end', SECONDS.end, 4),
  new: part('new', SECONDS.new, 5),
};

type Part = keyof typeof PARTS;

const FILM: readonly Part[] = ['start', 'middle', 'end'];
const CHANGED: readonly Part[] = ['start', 'changed', 'end'];
const LONGER: readonly Part[] = ['new', 'start', 'middle', 'end'];

const framesOf = (film: readonly Part[]) => film.reduce((sum, name) => sum + SECONDS[name] * RATE, 0);

const x265 = { preset: 'ultrafast', evenIfLarger: 'true' };
const CASES = [
  { recipe: 'preserve', settings: x265 },
  { recipe: 'downscale', settings: x265 },
  {
    recipe: {
      ...ladder,
      // one rung in HEVC and one in H.264
      renditions: ladder.renditions
        .filter(({ name }) => name === '4k' || name === 'sd')
        .map((rung, i) => ({ ...rung, fit: { shortSide: [64, 40][i] ?? 0 } })),
    },
    settings: { preset: 'ultrafast' },
  },
  { recipe: 'vj', settings: {} },
  { recipe: 'mezzanine', settings: { profile: 'proxy' } },
  {
    recipe: {
      ...sphere,
      renditions: sphere.renditions.slice(0, 2).map((each, i) => ({ ...each, fit: { width: [128, 64][i] ?? 0 } })),
    },
    settings: { preset: 'ultrafast' },
    edit: saying({ picture: [st3d(1), sv3d()] }),
  },
  { recipe: 'upscale', settings: { preset: 'ultrafast', model: 'websr-s-rl' } },
].map((each) => ({ ...each, of: typeof each.recipe === 'string' ? each.recipe : each.recipe.id }));

describe('a film that is dropped again, changed in one place', () => {
  it.each(CASES)('is encoded again only there by $of', async ({ recipe, settings, edit }) => {
    const mill = await testMill();
    const drop = async (film: readonly Part[]) => {
      const joined = await joinParts(film, mill.folder);
      const whole = edit ? await edited(joined, edit) : joined;
      const made = await mill.run(await mill.own(whole, 'film.mp4'), recipe, { ...settings, segmentSeconds: '1' });
      expect(made.outcome).toEqual(expect.objectContaining({ status: 'done' }));
      const { renditions } = await made.manifest();
      for (const { path } of renditions) expect(await decodedFrames(made.path(path))).toBe(framesOf(film));
      return { renditions, encoded: made.encoded() };
    };
    for (const [film, anew] of [
      [FILM, 6],
      [CHANGED, 1],
      [LONGER, 1],
    ] as const) {
      const { renditions, encoded } = await drop(film);
      for (const { name, segments } of renditions) {
        expect(segments).toMatchObject({ total: framesOf(film) / RATE, encoded: anew });
        expect(encoded[name]).toBe(anew);
      }
    }
  });
});

async function joinParts(film: readonly Part[], folder: string): Promise<string> {
  const files = await Promise.all(film.map((name) => makeClip(PARTS[name])));
  const list = join(folder, 'film.txt');
  await writeFile(list, files.map((file) => `file '${file}'\n`).join(''));
  const joined = join(folder, 'joined.mp4');
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', joined]);
  return joined;
}

async function edited(path: string, edit: (bytes: Buffer) => Uint8Array): Promise<string> {
  await writeFile(path, edit(await readFile(path)));
  return path;
}

async function decodedFrames(path: string): Promise<number> {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', 'v:0', '-count_frames', '-show_streams', path];
  return Number(JSON.parse((await run('ffprobe', args)).stdout).streams[0].nb_read_frames);
}
