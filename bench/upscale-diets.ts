import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, manifestSchema } from '../core/job/manifest.ts';
import { DEMO } from './clips.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, mustRun, once } from './run.ts';
import { watched } from './watched.ts';

const CLIP = 'dog-320x180.mp4';
const PRE = ['prores422', 'proreslt', 'stream'];
const MEZZANINES = ['prores422hq', 'prores422', 'hevc-intra', 'none'];

/** Measures the disk space that the intermediates of an enlarged film need, and what saving it costs. */
export const upscaleDiets: Measurement = {
  name: 'upscale-diets',
  about:
    'A real clip of 41 frames, 320x180 to 640x360 by websr-s-rl, CRF 16, preset faster, in segments of a second or more, with every choice of intermediates. Disk: the most bytes of all files at one time, without the source and the job table. The first row is the baseline, which keeps two ProRes intermediates; the last figure of each film is its PSNR against the film of that row. Then the size of each mezzanine that is kept, and the speed of each encoder alone at 1080p.',
  async measure({ quick }) {
    const diets = PRE.flatMap((pre) => MEZZANINES.map((mezzanine) => ({ pre, mezzanine })));
    const folder = await mkdtemp(join(await cacheFolder(), 'diets-'));
    try {
      const rows: ResultRow[] = [];
      let first: UpscaledFilm | undefined;
      for (const [i, diet] of (quick ? diets.slice(-1) : diets).entries()) {
        const made = await madeBy(diet, join(folder, String(i)));
        first ??= made;
        const share = ((100 * made.peakBytes) / first.peakBytes).toFixed(0);
        rows.push({
          what: `pre=${diet.pre} mezzanine=${diet.mezzanine}`,
          found: `${made.seconds.toFixed(1)} s; disk ${kB(made.peakBytes)} (${share} %); film ${kB(made.bytes)}, ${made.quality}, PSNR to the first ${await likeness(made.film, first.film)}`,
        });
      }
      if (!quick) rows.push(...(await keptMezzanines(folder)), ...(await preMezzanines(folder)));
      return [...rows, ...(await encoders(quick ? 3 : 20))];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;

type Intermediates = { readonly pre: string; readonly mezzanine: string; readonly keep?: boolean };
type UpscaledFilm = Awaited<ReturnType<typeof madeBy>>;

async function madeBy({ pre, mezzanine, keep = false }: Intermediates, out: string) {
  const diet = [`pre=${pre}`, `mezzanine=${mezzanine}`, `keepMezzanine=${keep}`];
  const args = [CLI, 'run', join('demo', 'clips', CLIP), '--recipe', 'upscale', '--layout', 'folders', '--out', out];
  const settings = ['model=websr-s-rl', 'segmentSeconds=1', ...diet].flatMap((setting) => ['--set', setting]);
  const { seconds, peakBytes } = await watched({ args: [...args, ...settings], env: process.env, out });
  const made = join(out, 'upscale', CLIP);
  const { renditions } = manifestSchema.parse(JSON.parse(await readFile(join(made, 'manifest.json'), 'utf8')));
  const { bytes, quality } = rendition(renditions, 'upscaled');
  const qualityText = `${quality.metric} ${quality.mean.toFixed(2)}`;
  const film = join(made, 'upscaled.mp4');
  const mezzanineBytes = keep ? rendition(renditions, 'mezzanine').bytes : undefined;
  return { seconds, peakBytes, bytes, quality: qualityText, film, mezzanineBytes };
}

function rendition(all: Manifest['renditions'], name: string) {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`the manifest has no rendition ${name}`);
  return found;
}

/** Returns the luma PSNR of one film against another with the same frames. */
async function likeness(film: string, other: string): Promise<string> {
  const graph = '[0:v]settb=1/25,setpts=N[a];[1:v]settb=1/25,setpts=N[b];[a][b]psnr=stats_file=-';
  const args = ['-v', 'error', '-i', film, '-i', other, '-filter_complex', graph, '-f', 'null', '-'];
  const { stdout } = await mustRun('ffmpeg', args);
  const errors = [...stdout.matchAll(/mse_y:([\d.]+)/g)].map(([, mse]) => Number(mse));
  const mean = errors.reduce((sum, each) => sum + each, 0) / errors.length;
  return mean === 0 ? 'equal' : `${(10 * Math.log10(255 ** 2 / mean)).toFixed(1)} dB`;
}

const FRAMES = 41;

/** The film of the size estimates: 25 frames a second for five minutes. */
const FIVE_MINUTES = 25 * 300;
const LARGE = 4096 * 1728;
const SMALL = 1024 * 432;

const scaled = (bytes: number, pixels: number, to: number) =>
  `${kB(bytes)}; at as many bits a pixel five minutes of 25 fps take ${((bytes / (pixels * FRAMES)) * to * FIVE_MINUTES * 1e-9).toFixed(1)} GB at ${to === LARGE ? '4096x1728' : '1024x432'}`;

async function keptMezzanines(folder: string): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const mezzanine of MEZZANINES.filter((each) => each !== 'none')) {
    const { mezzanineBytes = 0 } = await madeBy({ pre: 'stream', mezzanine, keep: true }, join(folder, mezzanine));
    rows.push({ what: `mezzanine=${mezzanine}, kept`, found: scaled(mezzanineBytes, 640 * 360, LARGE) });
  }
  return rows;
}

async function preMezzanines(folder: string): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const [pre, profile] of [
    ['prores422', 'standard'],
    ['proreslt', 'lt'],
  ] as const) {
    const to = join(folder, `${pre}.mov`);
    const prores = ['-an', '-c:v', 'prores_ks', '-profile:v', profile, '-pix_fmt', 'yuv422p10le'];
    await ffmpeg('-i', join('demo', 'clips', CLIP), ...prores, to);
    rows.push({ what: `pre=${pre}, all of it`, found: scaled((await stat(to)).size, 320 * 180, SMALL) });
  }
  return rows;
}

/** Measures the megapixels a second of each encoder, which reads raw frames from a file. */
async function encoders(frames: number): Promise<ResultRow[]> {
  const raw = await once(`diets-1080p-${frames}.nut`, (path) =>
    ffmpeg(
      '-i',
      DEMO,
      ...['-an', '-frames:v', `${frames}`, '-vf', 'scale=1920:1080', '-pix_fmt', 'yuv420p', '-c:v', 'rawvideo'],
      ...[path],
    ),
  );
  const rows: ResultRow[] = [];
  for (const [what, args] of ENCODERS) {
    const { seconds } = await ffmpeg('-i', raw, ...args, '-f', 'null', '-');
    rows.push({
      what: `${what}, 1080p, encoder alone`,
      found: `${((frames * 1920 * 1080) / seconds / 1e6).toFixed(1)} megapixels/s`,
    });
  }
  return rows;
}

const PRORES = ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le', '-profile:v'];
const GRAIN = ['-tune', 'grain', '-x265-params', 'log-level=error:aq-mode=3:aq-strength=0.8:keyint=48:min-keyint=24'];

const ENCODERS: readonly (readonly [string, readonly string[]])[] = [
  ['x265 CRF 16 faster, the film', ['-c:v', 'libx265', '-preset', 'faster', '-crf', '16', ...GRAIN]],
  ['prores422hq', [...PRORES, 'hq']],
  ['prores422', [...PRORES, 'standard']],
  [
    'hevc-intra',
    [
      ...['-c:v', 'libx265', '-preset', 'fast', '-crf', '18', '-pix_fmt', 'yuv420p10le'],
      ...['-x265-params', 'log-level=error:keyint=1'],
    ],
  ],
];
