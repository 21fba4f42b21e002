import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { upscaleModelNamed } from '../core/upscale/models.ts';
import { openUpscaler, type Upscaler } from '../media/onnx/upscaler.ts';
import { cpuWindowPixels } from '../media/onnx/window-pixels.ts';
import { DEMO, PLAIN_1080P } from './clips.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { ffmpeg, once } from './run.ts';

const FRAMES = 5;

type Clip = {
  readonly file: string;
  readonly from: number;
  readonly crop: string;
  readonly size: readonly [number, number];
};

const CORNERS = ['0:0', '960:0', '0:540', '960:540', '480:270'] as const;

/** Eleven clips of real footage: ten windows of a phone's 1080p, five at each of two times, and a small film. */
const CLIPS: readonly Clip[] = [
  ...[0, 1].flatMap((from) =>
    CORNERS.map((at): Clip => ({ file: DEMO, from, crop: `960:540:${at}`, size: [960, 540] })),
  ),
  { file: 'demo/clips/dog-320x180.mp4', from: 0, crop: '320:176:0:0', size: [320, 176] },
];

/** Measures whether a network restores more of a picture than interpolation does. */
export const upscaleQuality: Measurement = {
  name: 'upscale-quality',
  about: `${CLIPS.length} clips of ${FRAMES} frames from the demo clips, halved (area), encoded by x264 at CRF 30 or left unencoded, and enlarged again: luma PSNR against the original, in dB, by each network and by ffmpeg's Lanczos.`,
  async measure({ quick }) {
    const clips = quick ? CLIPS.slice(-1) : CLIPS;
    const rows: ResultRow[] = [];
    for (const coded of [true, false]) {
      const lanczos = await Promise.all(clips.map((clip) => scoreOf(clip, coded, byLanczos)));
      for (const id of ['websr-s-rl', 'websr-m-rl', 'websr-l-rl', 'websr-l-an']) {
        const found: number[] = [];
        for (const clip of clips) found.push(await scoreOf(clip, coded, byNetwork(id)));
        rows.push(rowOf(id, coded, found, lanczos));
      }
    }
    return rows;
  },
};

function rowOf(id: string, coded: boolean, found: readonly number[], lanczos: readonly number[]): ResultRow {
  const [ours, theirs] = [mean(found), mean(lanczos)];
  const better = found.filter((score, i) => score >= (lanczos[i] ?? 0)).length;
  return {
    what: `${id}, ${coded ? 'x264 CRF 30' : 'not encoded'}`,
    ...(id === 'websr-l-rl' && coded && { goal: "at least Lanczos's", met: ours >= theirs }),
    found: `${ours.toFixed(2)} dB, Lanczos ${theirs.toFixed(2)} dB (${signed(ours - theirs)}); better in ${better} of ${found.length}`,
  };
}

const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Enlarges a file of half the size. Returns the planes of the frames, one frame after the other. */
type Enlarger = (path: string, clip: Clip) => Promise<Buffer>;

const byLanczos: Enlarger = (path, { size: [width, height] }) =>
  raw('-i', path, '-vf', `scale=${width}:${height}:flags=lanczos+accurate_rnd`);

function byNetwork(id: string): Enlarger {
  return async (path, { size: [width, height] }) => {
    const frames = await raw('-i', path);
    const upscaler = await opened(id, width / 2, height / 2);
    try {
      const bytes = (width * height * 3) / 8;
      const made: Uint8Array[] = [];
      for (let at = 0; at < frames.length; at += bytes) {
        const into = new Uint8Array(upscaler.frameBytes);
        await upscaler.enlarge([new Uint8Array(frames.subarray(at, at + bytes))], [into]);
        made.push(into);
      }
      return Buffer.concat(made);
    } finally {
      await upscaler.close();
    }
  };
}

async function opened(id: string, width: number, height: number): Promise<Upscaler> {
  const model = upscaleModelNamed(id);
  if (model.location.in !== 'repository') throw new Error(`${id} is not in the repository`);
  const frames = { width, height, pixelFormat: 'yuv420p', colour: PLAIN_1080P.colour } as const;
  const file = await readFile(model.location.path);
  return openUpscaler({ model, file, frames, mostPixels: cpuWindowPixels(frames), device: 'cpu', threads: 2 });
}

async function scoreOf(clip: Clip, coded: boolean, enlarge: Enlarger): Promise<number> {
  const { file, from, crop, size } = clip;
  const cut = ['-ss', `${from}`, '-i', file, '-an', '-frames:v', `${FRAMES}`, '-fps_mode', 'passthrough'];
  const name = `sr-${file.replace(/\W/g, '-')}-${from}-${crop.replaceAll(':', '-')}`;
  const half = `crop=${crop},scale=${size[0] / 2}:${size[1] / 2}:flags=area+accurate_rnd,format=yuv420p`;
  const encoder = coded ? ['-c:v', 'libx264', '-crf', '30'] : ['-c:v', 'ffv1'];
  const small = await once(`${name}-${coded ? 'x264' : 'plain'}.mkv`, (path) =>
    ffmpeg(...cut, '-vf', half, ...encoder, path),
  );
  const [was, is] = await Promise.all([raw(...cut, '-vf', `crop=${crop}`), enlarge(small, clip)]);
  return lumaPsnr(was, is, size);
}

function lumaPsnr(was: Buffer, is: Buffer, [width, height]: readonly [number, number]): number {
  if (was.length !== is.length) throw new Error(`${was.length} bytes against ${is.length}`);
  const [luma, all] = [width * height, (width * height * 3) / 2];
  let squares = 0;
  for (let at = 0; at < was.length; at += all) {
    for (let i = at; i < at + luma; i++) squares += ((was[i] ?? 0) - (is[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / (squares / ((was.length / all) * luma)));
}

async function raw(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    ['-v', 'error', '-nostdin', ...args, '-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 1 << 28 },
  );
  return stdout;
}
