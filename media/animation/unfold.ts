import { PassThrough } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { type Animation, type AnimationTimes, animationTimes, hurriedTold } from '../../core/film/animation.ts';
import type { Unfolded } from '../../core/ports/file-maker.ts';
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
  const decoding = decode(ffmpeg, path, animation, signal);
  const frames = timed(decoding.pages, times, seen);
  const { width, height } = animation;
  const video = { width, height, pixelFormat: 'rgba', timeBase: times.timeBase } as const;
  const encoding = runFfmpeg(ffmpeg, filmArgs(times, output), {
    signal,
    stdin: nutChunks(video, frames),
    writes: output,
    blame: 'bug',
    doing: 'writing the pictures of the animation',
  });
  await Promise.all([encoding, decoding.ended]);
  const wanted = animation.delays.length;
  if (seen.pictures !== wanted)
    throw new ServiceError('bad-input', `${seen.pictures} of the animation's ${wanted} pictures decode`);
  const lastSeconds = (times.end - (times.starts.at(-1) ?? 0)) * toNumber(times.timeBase);
  return { kind: animation.kind, isOpaque: seen.isOpaque, lastSeconds, hurried: hurriedTold(animation.delays) };
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

function decode(ffmpeg: string, path: string, animation: Animation, signal: AbortSignal): Decoding {
  if (animation.kind === 'webp') return { pages: pagesOfWebp(path, animation), ended: Promise.resolve() };
  const pipe = new PassThrough();
  const args = [
    ...ffmpegPreamble(),
    ...['-max_error_rate', '0', ...animationInput(path, animation.kind)],
    ...['-map', '0:v:0', '-fps_mode', 'passthrough', '-pix_fmt', 'rgba', '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ];
  const doing = 'decoding the animation';
  const ended = runFfmpeg(ffmpeg, args, { signal, stdout: pipe, blame: 'bad-input', doing });
  return { pages: dataOf(pipe), ended };
}

async function* dataOf(pipe: PassThrough): AsyncGenerator<Uint8Array> {
  for await (const { data } of readNutFrames(pipe)) yield data;
}

/** The film is a MOV, since MOV has an index and takes any clock. */
function filmArgs({ timeBase }: AnimationTimes, output: string): string[] {
  const ticks = ['-video_track_timescale', `${timeBase.den}`, '-movie_timescale', `${timeBase.den}`];
  return [
    ...ffmpegPreamble(),
    ...['-y', '-f', 'nut', '-i', 'pipe:0', '-map', '0:v:0'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-c:v', 'ffv1', '-level', '3', '-g', '1'],
    ...['-pix_fmt', 'bgra', ...ticks, '-f', 'mov', `file:${output}`],
  ];
}
