import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { streamOf } from './ffprobe.ts';

const run = promisify(execFile);

/** Red and blue in luma, by ITU-T H.273. */
const WEIGHTS: Readonly<Record<string, readonly [red: number, blue: number]>> = {
  bt709: [0.2126, 0.0722],
  smpte170m: [0.299, 0.114],
  bt470bg: [0.299, 0.114],
};
const STEPS: Readonly<Record<string, readonly [across: number, down: number]>> = {
  '420': [2, 2],
  '422': [2, 1],
  '440': [1, 2],
  '444': [1, 1],
};

export type Rgb = readonly [red: number, green: number, blue: number];

/** Where the colour bars of `BARS` have their middles. */
const MIDDLES = [0.07, 0.21, 0.36, 0.5, 0.64, 0.79, 0.93];

/**
 * The colours of seven bars in the first frame of a file, 0 to 255, as a player shows them: the decoder's planes, by the
 * file's own tags, and by what players assume where it has none. No filter takes part.
 */
export async function barsOnScreen(path: string): Promise<readonly Rgb[]> {
  const stream = await streamOf(path);
  const { width, height, pix_fmt: format } = stream as { width: number; height: number; pix_fmt: string };
  const args = ['-v', 'error', '-noautorotate', '-i', path, '-map', '0:v:0', '-frames:v', '1', '-f', 'rawvideo', '-'];
  const { stdout: raw } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 28 });
  const [, chroma = '', bits = '8'] = /^yuvj?(4\d\d)p(\d*)/.exec(format) ?? [];
  const depth = Number(bits || 8);
  const [across, down] = STEPS[chroma] ?? [1, 1];
  const sample = (at: number) => (depth > 8 ? raw.readUInt16LE(2 * at) : (raw[at] ?? 0)) / 2 ** (depth - 8);
  const columns = Math.ceil(width / across);
  const planeOf = columns * Math.ceil(height / down);
  const isFull = stream.color_range === 'pc' || format.startsWith('yuvj');
  const assumed = width >= 1280 || height >= 720 ? 'bt709' : 'smpte170m';
  const [red, blue] = WEIGHTS[String(stream.color_space ?? assumed)] ?? WEIGHTS[assumed] ?? [0, 0];
  return MIDDLES.map((middle) => {
    const [x, y] = [Math.floor(width * middle), Math.floor(height * 0.3)];
    const inChroma = Math.floor(y / down) * columns + Math.floor(x / across);
    const [luma, cb, cr] = [y * width + x, width * height + inChroma, width * height + planeOf + inChroma].map(sample);
    const [e, u, v] = isFull
      ? [(luma ?? 0) / 255, ((cb ?? 0) - 128) / 255, ((cr ?? 0) - 128) / 255]
      : [((luma ?? 0) - 16) / 219, ((cb ?? 0) - 128) / 224, ((cr ?? 0) - 128) / 224];
    const [r, b] = [e + 2 * (1 - red) * v, e + 2 * (1 - blue) * u];
    const g = (e - red * r - blue * b) / (1 - red - blue);
    const shown = (part: number) => Math.round(255 * Math.min(1, Math.max(0, part)));
    return [shown(r), shown(g), shown(b)] as const;
  });
}

/** The largest difference of a component between two pictures of the bars. */
export const farthest = (one: readonly Rgb[], other: readonly Rgb[]): number =>
  Math.max(...one.flatMap((bar, i) => bar.map((part, j) => Math.abs(part - (other[i]?.[j] ?? 255)))));

/** ffmpeg's arguments for colour bars in a matrix and a range, without any tag. */
export const bars = (size: string, { matrix, range, format }: { matrix: string; range: string; format: string }) => [
  ...['-f', 'lavfi', '-i', `smptebars=size=${size}:rate=25:duration=0.2`],
  ...['-vf', `format=gbrp,zscale=m=${matrix}:r=${range},format=${format},setparams=range=${range}:colorspace=unknown`],
];
