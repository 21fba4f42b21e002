import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newBox } from '../../core/bytes/boxes.ts';
import type { ByteRange } from '../../core/bytes/byte-ranges.ts';
import { XMP } from '../../core/description/metadata.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import {
  type Animation,
  type AnimationNotes,
  type AnimationTimes,
  animationTimes,
  hurriedTold,
} from '../../core/film/animation.ts';
import type { Unfolded } from '../../core/ports/file-maker.ts';
import { taskGroup } from '../../core/task-group.ts';
import { toNumber } from '../../core/units.ts';
import { nutChunks, type RawFrame } from '../nut/frames.ts';
import { readNutFrames } from '../nut/read-nut-frames.ts';
import { animationInput } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { animationOf } from './animation-of.ts';
import { pagesOfWebp } from './pages-of-webp.ts';

/**
 * Writes an animated GIF, APNG or WebP as a lossless film, each picture composed and at its time. Returns undefined for any
 * other file. Throws `bad-input` where its pictures do not decode, `truncated`, `over-limit`, `missing-tool`.
 */
export async function unfold(
  ffmpeg: string,
  path: string,
  output: string,
  signal: AbortSignal,
): Promise<Unfolded | undefined> {
  const animation = await animationOf(path, signal);
  if (!animation) return undefined;
  const times = animationTimes(animation.delays);
  const seen = { pictures: 0, isOpaque: true };
  const pictures = animation.pictures ? await partsOf(path, animation.pictures, `${output}.${animation.kind}`) : path;
  const group = taskGroup(signal); // who writes or reads the pictures would wait for ever for one that has failed
  const decoding = decode(ffmpeg, pictures, animation, group);
  const frames = timed(decoding.pages, times, seen);
  const { width, height } = animation;
  const video = { width, height, pixelFormat: 'rgba', timeBase: times.timeBase } as const;
  const { tags, xmp, others } = animation.notes;
  const encode = (either: AbortSignal) =>
    runFfmpeg(ffmpeg, filmArgs(times, tags, output), {
      signal: either,
      stdin: nutChunks(video, frames),
      writes: output,
      blame: 'bug',
      doing: 'writing the pictures of the animation',
    });
  await group.all([group.run(encode), decoding.ended]);
  const wanted = animation.delays.length;
  if (seen.pictures !== wanted)
    throw new ServiceError('bad-input', `${seen.pictures} of the animation's ${wanted} pictures decode`);
  if (xmp) await appendFile(output, newBox('uuid', Buffer.from(XMP, 'hex'), xmp));
  const lastSeconds = (times.end - (times.starts.at(-1) ?? 0)) * toNumber(times.timeBase);
  const hurried = hurriedTold(animation.delays);
  return { kind: animation.kind, isOpaque: seen.isOpaque, lastSeconds, hurried, others };
}

/** Writes these parts of a file one behind the other. Returns the path of the new file. */
async function partsOf(path: string, parts: readonly ByteRange[], output: string): Promise<string> {
  await writeFile(output, '');
  for (const { start, end } of parts)
    await pipeline(createReadStream(path, { start, end: end - 1 }), createWriteStream(output, { flags: 'a' }));
  return output;
}

async function* timed(
  pages: AsyncIterable<Uint8Array>,
  { starts }: AnimationTimes,
  seen: { pictures: number; isOpaque: boolean },
): AsyncGenerator<RawFrame, void, undefined> {
  for await (const data of pages) {
    const pts = starts[seen.pictures++];
    if (pts === undefined) continue; // a surplus picture is counted, and the count is then refused
    seen.isOpaque &&= isOpaque(data);
    yield { pts, data };
  }
}

function isOpaque(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

type Decoding = { readonly pages: AsyncIterable<Uint8Array>; readonly ended: Promise<unknown> };

function decode(ffmpeg: string, path: string, animation: Animation, group: ReturnType<typeof taskGroup>): Decoding {
  if (animation.kind === 'webp') return { pages: pagesOfWebp(path, animation), ended: Promise.resolve() };
  const pipe = new PassThrough();
  const args = [
    ...ffmpegPreamble(),
    ...['-max_error_rate', '0', ...animationInput(path, animation.kind)],
    ...['-map', '0:v:0', '-map_metadata', '-1', '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'rgba', '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ];
  const doing = 'decoding the animation';
  const ended = group.run((signal) => runFfmpeg(ffmpeg, args, { signal, stdout: pipe, blame: 'bad-input', doing }));
  return { pages: dataOf(pipe), ended };
}

async function* dataOf(pipe: PassThrough): AsyncGenerator<Uint8Array> {
  for await (const { data } of readNutFrames(pipe)) yield data;
}

/** The film is a MOV, since MOV has an index and takes any clock. */
function filmArgs({ timeBase }: AnimationTimes, tags: AnimationNotes['tags'], output: string): string[] {
  const ticks = ['-video_track_timescale', `${timeBase.den}`, '-movie_timescale', `${timeBase.den}`];
  return [
    ...ffmpegPreamble(),
    ...['-y', '-f', 'nut', '-i', 'pipe:0', '-map', '0:v:0'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-c:v', 'ffv1', '-level', '3', '-g', '1'],
    ...tags.flatMap(([name, value]) => ['-metadata', `${name}=${value}`]),
    // a tag that names our ffmpeg would be taken for one of the animation
    ...['-pix_fmt', 'bgra', ...ticks, '-fflags', '+bitexact', '-f', 'mov', `file:${output}`],
  ];
}
