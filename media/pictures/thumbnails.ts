import { readFile, rm } from 'node:fs/promises';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Size } from '../../core/film/frame-size.ts';
import { withoutUnknownMatrix } from '../../core/film/scale-filter.ts';
import type { MadeThumbnails, ThumbnailTask } from '../../core/ports/file-maker.ts';
import { taskGroup } from '../../core/task-group.ts';
import { bestPoster, posterMoments } from '../../core/thumbnails/poster.ts';
import type { SpriteGrid } from '../../core/thumbnails/sprite.ts';
import { THUMBNAIL_FORMATS } from '../../core/thumbnails/thumbnail-request.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { loadSharp } from './load-sharp.ts';
import { inFormat } from './thumbnail-format.ts';

const CHANNELS = 3;
/** How many processes look for the poster. In a film of a few seconds, the pictures are decoded before a second one has started. */
const processesFor = (durationSeconds: number) => (durationSeconds > 5 ? 2 : 1);

/** Writes the poster, chosen by what its frame shows, and the sprite into `task.folder`, each as JPEG and WebP. */
export async function makeThumbnails(
  ffmpeg: string,
  task: ThumbnailTask,
  signal: AbortSignal,
): Promise<MadeThumbnails> {
  const group = taskGroup(signal);
  const [sharp, frames, sheet] = await group.all([
    loadSharp(),
    group.run((either) => framesAt(ffmpeg, task, posterMoments(task.durationSeconds), either)),
    group.run((either) => spriteOf(ffmpeg, task, either)),
  ]);
  const raw = (data: Buffer, { width, height }: Size) => sharp(data, { raw: { width, height, channels: CHANNELS } });
  const looks = await Promise.all(
    frames.map(async ({ data }) => {
      const { entropy, sharpness, channels } = await raw(data, task.size).stats();
      const brightness = channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length;
      return { entropy, sharpness, brightness };
    }),
  );
  const poster = frames[bestPoster(looks)];
  const { tileWidth, tileHeight, columns, rows } = task.grid;
  const sheetSize = { width: columns * tileWidth, height: rows * tileHeight };
  const pictures = [
    ...(poster ? [{ kind: 'poster' as const, data: poster.data, size: task.size }] : []),
    { kind: 'sprite' as const, data: sheet, size: sheetSize },
  ];
  const files = pictures.flatMap(({ kind, data, size }) =>
    THUMBNAIL_FORMATS.map(async (format) => {
      const path = `${kind}.${format}`;
      const file = `${task.folder}/${path}`;
      await inFormat(raw(data, size), format).toFile(file);
      return { kind, file, path, ...size };
    }),
  );
  return { files: await Promise.all(files), posterSeconds: poster?.seconds ?? 0 };
}

/**
 * Returns the pictures at these times. A time at which there is no picture, such as one behind the last frame, is left
 * out; if none is left, the first picture of the film is taken.
 */
async function framesAt(
  ffmpeg: string,
  task: ThumbnailTask,
  moments: readonly number[],
  signal: AbortSignal,
): Promise<readonly RawStill[]> {
  const atOnce = processesFor(task.durationSeconds);
  const size = Math.ceil(moments.length / atOnce);
  const groups = Array.from({ length: atOnce }, (_, i) => moments.slice(i * size, (i + 1) * size));
  const processes = taskGroup(signal);
  const stills = groups
    .filter((group) => group.length > 0)
    .map((group) => processes.run((either) => stillsAt(ffmpeg, task, group, either)));
  const found = (await processes.all(stills)).flat();
  if (found.length > 0 || moments[0] === 0) return found;
  return framesAt(ffmpeg, task, [0], signal);
}

type RawStill = { readonly seconds: number; readonly data: Buffer };

/** Reads several pictures by one process, because starting a process takes longer than decoding a picture. */
async function stillsAt(
  ffmpeg: string,
  task: ThumbnailTask,
  moments: readonly number[],
  signal: AbortSignal,
): Promise<readonly RawStill[]> {
  const { path, size, folder } = task;
  const stills = moments.map((seconds) => ({ seconds, file: `${folder}/still-${seconds.toFixed(3)}.rgb` }));
  const inputs = stills.flatMap(({ seconds }) => [
    ...['-threads', '1', '-ss', seconds.toFixed(3)],
    ...inputArguments(path),
  ]);
  const outputs = stills.flatMap(({ file }, i) => [
    ...['-map', `${i}:v:0`, '-vf', scaledTo(task, size), '-frames:v', '1'],
    ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', `file:${file}`],
  ]);
  const args = [...ffmpegPreamble(), '-y', ...inputs, ...outputs];
  await runFfmpeg(ffmpeg, args, { signal, writes: folder, blame: 'not-exact', doing: 'making thumbnails' });
  const found = await Promise.all(stills.map(async ({ seconds, file }) => ({ seconds, data: await readFile(file) })));
  await Promise.all(stills.map(({ file }) => rm(file)));
  return found.filter(({ data }) => data.length === CHANNELS * size.width * size.height);
}

/** Returns the sprite as RGB, made by one pass over the film. A tile without frames repeats the one before it. */
async function spriteOf(ffmpeg: string, task: ThumbnailTask, signal: AbortSignal): Promise<Buffer> {
  const { path, grid } = task;
  const size = { width: grid.tileWidth, height: grid.tileHeight };
  const filters = [`fps=fps=1/${grid.everySeconds}:round=down:start_time=0:eof_action=pass`];
  const { stream: stdout, bytes } = collectBytes();
  const args = [
    ...ffmpegPreamble(),
    ...[...inputArguments(path), '-map', '0:v:0', '-an'],
    ...['-vf', [...filters, scaledTo(task, size)].join(','), '-frames:v', `${grid.tiles}`],
    ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
  ];
  await runFfmpeg(ffmpeg, args, { signal, stdout, blame: 'not-exact', doing: 'making thumbnails' });
  return arranged(bytes(), grid);
}

const scaledTo = ({ matrix, pixelFormat }: ThumbnailTask, { width, height }: Size) =>
  [
    ...withoutUnknownMatrix({ matrix }, pixelFormat),
    `scale=${width}:${height}:in_color_matrix=auto:flags=area+accurate_rnd+full_chroma_int`,
    'setsar=1',
  ].join(',');

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
