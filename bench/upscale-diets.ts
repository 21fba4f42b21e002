import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measurement, Row } from './measurement.ts';
import { CLI, cacheFolder } from './run.ts';
import { watched } from './watched.ts';

const CLIP = 'dog-320x180.mp4';
const PRE = ['prores422', 'proreslt', 'stream'];
const MEZZANINES = ['prores422hq', 'prores422', 'hevc-intra', 'none'];

/** What lies on the disk on the way of an enlarged film, and what that costs. */
export const upscaleDiets: Measurement = {
  name: 'upscale-diets',
  about:
    'A real clip of 41 frames, 320x180 to 640x360 by websr-s-rl, CRF 16, preset faster, in segments of a second or more, through every diet. Disk: all files at once at most, besides the source and the job table. The first row is the baseline: what the seed calls the current pipeline.',
  async measure({ quick }) {
    const diets = PRE.flatMap((pre) => MEZZANINES.map((mezzanine) => ({ pre, mezzanine })));
    const folder = await mkdtemp(join(await cacheFolder(), 'diets-'));
    try {
      const rows: Row[] = [];
      let baseline = 0;
      for (const [i, diet] of (quick ? diets.slice(-1) : diets).entries()) {
        const made = await madeBy(diet, join(folder, String(i)));
        baseline ||= made.peakBytes;
        rows.push({
          what: `pre=${diet.pre} mezzanine=${diet.mezzanine}`,
          found: `${made.seconds.toFixed(1)} s; disk ${kB(made.peakBytes)} (${((100 * made.peakBytes) / baseline).toFixed(0)} %); film ${kB(made.bytes)}, ${made.quality}`,
        });
      }
      return rows;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;

async function madeBy(diet: { readonly pre: string; readonly mezzanine: string }, out: string) {
  const set = ['model=websr-s-rl', 'segmentSeconds=1', `pre=${diet.pre}`, `mezzanine=${diet.mezzanine}`];
  const args = [CLI, 'run', join('demo', 'clips', CLIP), '--recipe', 'upscale', '--out', out];
  const settings = set.flatMap((setting) => ['--set', setting]);
  const { seconds, peakBytes } = await watched({ args: [...args, ...settings], env: process.env, out });
  const manifest = JSON.parse(await readFile(join(out, 'upscale', CLIP, 'manifest.json'), 'utf8'));
  const [{ bytes, quality }] = manifest.renditions;
  return { seconds, peakBytes, bytes, quality: `${quality.metric} ${quality.mean.toFixed(2)}` };
}
