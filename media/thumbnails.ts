import { Writable } from 'node:stream';
import type { Size } from '../core/encode/frame-size.ts';
import type { MadeThumbnails, ThumbnailTask } from '../core/ports/media.ts';
import { bestPoster, posterMoments } from '../core/thumbnails/poster.ts';
import type { SpriteGrid } from '../core/thumbnails/sprite.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

const CHANNELS = 3;
const AT_ONCE = 2;
const JPEG = { quality: 82, mozjpeg: true } as const;
const WEBP = { quality: 80 } as const;

/** The poster, chosen by what is to be seen, and the sprite, each as JPEG and WebP, written into `task.folder`. */
export async function makeThumbnails(
  ffmpeg: string,
  task: ThumbnailTask,
  signal: AbortSignal,
): Promise<MadeThumbnails> {
  const { default: sharp } = await import('sharp'); // half the start of a command that needs none
  const raw = (data: Buffer, { width, height }: Size) => sharp(data, { raw: { width, height, channels: CHANNELS } });
  const moments = posterMoments(task.durationSeconds);
  const frames = await framesAt(ffmpeg, task, moments, signal);
  const looks = await Promise.all(
    frames.map(async ({ data }) => {
      const { entropy, sharpness, channels } = await raw(data, task.size).stats();
      const brightness = channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length;
      return { entropy, sharpness, brightness };
    }),
  );
  const poster = frames[bestPoster(looks)];
  const files: MadeThumbnails['files'][number][] = [];
  const write = async (kind: 'poster' | 'sprite', data: Buffer, size: Size) => {
    for (const format of ['jpg', 'webp'] as const) {
      const file = `${task.folder}/${kind}.${format}`;
      const picture = raw(data, size);
      await (format === 'jpg' ? picture.jpeg(JPEG) : picture.webp(WEBP)).toFile(file);
      files.push({ kind, file, path: `${kind}.${format}`, ...size });
    }
  };
  if (poster) await write('poster', poster.data, task.size);
  const { tileWidth, tileHeight, columns, rows } = task.grid;
  const sheet = await spriteOf(ffmpeg, task, signal);
  await write('sprite', sheet, { width: columns * tileWidth, height: rows * tileHeight });
  return { files, posterSeconds: poster?.seconds ?? 0 };
}

/** The pictures at these moments; where seeking finds none, as behind the last frame, it is left out; the first if none is left. */
async function framesAt(
  ffmpeg: string,
  task: ThumbnailTask,
  moments: readonly number[],
  signal: AbortSignal,
): Promise<readonly { readonly seconds: number; readonly data: Buffer }[]> {
  const { path, size } = task;
  const queue = moments.map((seconds, i) => ({ seconds, i }));
  const found: { readonly seconds: number; readonly data: Buffer; readonly i: number }[] = [];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { seconds, i } = next;
      const input = ['-ss', seconds.toFixed(3), ...inputArguments(path)];
      const data = await rgb(ffmpeg, { input, size, filters: [], frames: 1 }, signal);
      if (data.length === CHANNELS * size.width * size.height) found.push({ seconds, data, i });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (found.length > 0 || moments[0] === 0) return found.sort((a, b) => a.i - b.i);
  return framesAt(ffmpeg, task, [0], signal);
}

/** One pass over the film: the tiles row by row; a moment without frames shows the one before. */
async function spriteOf(ffmpeg: string, { path, grid }: ThumbnailTask, signal: AbortSignal): Promise<Buffer> {
  const size = { width: grid.tileWidth, height: grid.tileHeight };
  const filters = [`fps=fps=1/${grid.everySeconds}:round=down:start_time=0:eof_action=pass`];
  const tiles = await rgb(ffmpeg, { input: inputArguments(path), size, filters, frames: grid.tiles }, signal);
  return arranged(tiles, grid);
}

function arranged(tiles: Buffer, { columns, rows, tileWidth, tileHeight, tiles: count }: SpriteGrid): Buffer {
  const line = tileWidth * CHANNELS;
  const sheet = Buffer.alloc(columns * rows * tileHeight * line);
  const there = Math.floor(tiles.length / (line * tileHeight));
  for (let tile = 0; tile < count; tile++) {
    const from = Math.min(tile, there - 1) * tileHeight * line;
    if (from < 0) break;
    for (let y = 0; y < tileHeight; y++) {
      const row = Math.floor(tile / columns) * tileHeight + y;
      tiles.copy(sheet, (row * columns + (tile % columns)) * line, from + y * line, from + (y + 1) * line);
    }
  }
  return sheet;
}

async function rgb(
  ffmpeg: string,
  task: {
    readonly input: readonly string[];
    readonly size: Size;
    readonly filters: readonly string[];
    readonly frames: number;
  },
  signal: AbortSignal,
): Promise<Buffer> {
  const { input, size, filters, frames } = task;
  const chunks: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const scale = `scale=${size.width}:${size.height}:flags=area+accurate_rnd+full_chroma_int`;
  const args = [
    ...['-hide_banner', '-nostdin', '-v', 'error', ...input, '-map', '0:v:0', '-an'],
    ...['-vf', [...filters, scale, 'setsar=1'].join(','), '-frames:v', `${frames}`],
    ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
  ];
  await runFfmpeg(ffmpeg, args, { signal, stdout, blame: 'not-exact', doing: 'making thumbnails' });
  return Buffer.concat(chunks);
}
