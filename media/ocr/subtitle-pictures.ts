import { PassThrough } from 'node:stream';
import * as z from 'zod/mini';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { LIMITS } from '../../core/film/limits.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { type GreyImage, inkOnPaper } from '../../core/subtitles/ink.ts';
import { type DisplayTime, displayTimes, type SubtitleEvent } from '../../core/subtitles/srt.ts';
import { framePool } from '../nut/frames.ts';
import { readNutFrames } from '../nut/read-nut-frames.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/**
 * One picture of a subtitle stream with its display time. `writing` is its text as dark on white; undefined for a
 * picture without text.
 */
type SubtitlePicture = DisplayTime & { readonly endSeconds: number; readonly writing: GreyImage | undefined };

type SubtitleTools = { readonly ffmpeg: string; readonly ffprobe: string };

/** Every picture of a stream of bitmap subtitles, in order, pulled one at a time. Times count from the file's start. */
export async function* subtitlePictures(
  tools: SubtitleTools,
  source: Source,
  signal: AbortSignal,
): AsyncGenerator<SubtitlePicture, void, undefined> {
  const shown = displayTimes(await eventsOf(tools.ffprobe, source, signal), source.probe.durationSeconds);
  if (shown.length === 0) return;
  const ended = new AbortController();
  const pipe = new PassThrough();
  const decoding = runFfmpeg(tools.ffmpeg, drawingArgs(source), {
    signal: AbortSignal.any([signal, ended.signal]),
    stdout: pipe,
    blame: 'bad-input',
    doing: `drawing the subtitles of stream ${source.stream}`,
  });
  decoding.catch(() => {}); // the process is awaited below, and may fail before that
  try {
    yield* matched(shown, canvases(pipe));
    await decoding;
  } finally {
    ended.abort();
    await decoding.catch(() => {});
  }
}

/** A tolerance far below the length of a frame and above the rounding of ffmpeg's timestamps. */
const CLOCK_TOLERANCE_SECONDS = 0.0005;

/**
 * Pairs each display time with the last canvas at that time: ffmpeg draws the canvas again whenever it may have
 * changed.
 */
async function* matched(
  shown: readonly (DisplayTime & { readonly endSeconds: number })[],
  canvases: AsyncIterable<Canvas>,
): AsyncGenerator<SubtitlePicture, void, undefined> {
  let next = 0;
  let writing: GreyImage | undefined;
  for await (const { seconds, grey } of canvases) {
    for (let due = shown[next]; due && seconds > due.startSeconds + CLOCK_TOLERANCE_SECONDS; due = shown[++next]) {
      yield { ...due, writing };
    }
    writing = next < shown.length ? inkOnPaper(grey) : undefined;
  }
  for (const due of shown.slice(next)) yield { ...due, writing };
}

type Canvas = { readonly seconds: number; readonly grey: GreyImage };

async function* canvases(pipe: PassThrough): AsyncGenerator<Canvas, void, undefined> {
  const pool = framePool();
  for await (const { pts, timeBase, width, height, data } of readNutFrames(pipe, pool)) {
    const grey = { width, height, data: data.subarray(0, width * height) };
    yield { seconds: (pts * timeBase.num) / timeBase.den, grey };
    pool.release(data);
  }
}

/** Canvases with fewer lines than this are enlarged, because tesseract wants letters about 30 pixels high. */
const SMALL_LINES = 720;

/** The arguments that draw the canvas in grey: light text on black, transparent parts as black. */
function drawingArgs({ path, probe, stream }: Source): string[] {
  const large = `if(lt(ih\\,${SMALL_LINES})\\,2\\,1)`;
  const graph = [
    // ffmpeg clears the canvas once more at the largest possible time, which no container can express
    `[0:${stream}]setpts=PTS-(${probe.startSeconds.toFixed(6)})/TB,select=lt(t\\,${LIMITS.seconds})`,
    'format=gbrap,premultiply=inplace=1,format=gray',
    `scale=w=iw*${large}:h=ih*${large}:flags=bicubic,format=yuv420p`,
  ];
  return [
    ...ffmpegPreamble(),
    ...['-copyts', ...inputArguments(path, probe)],
    ...['-filter_complex', `${graph.join(',')}[drawn]`, '-map', '[drawn]'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ];
}

const eventsSchema = z.object({
  frames: z._default(
    z.array(
      z.object({
        pts_time: z.optional(z.coerce.number()),
        start_display_time: z.optional(z.number()),
        end_display_time: z.optional(z.number()),
        num_rects: z.optional(z.number()),
      }),
    ),
    [],
  ),
});

/** The end in milliseconds that a decoder reports for an unknown end. */
const NEVER = 0xffff_ffff;

async function eventsOf(
  ffprobe: string,
  { path, probe, stream }: Source,
  signal: AbortSignal,
): Promise<SubtitleEvent[]> {
  const entries = 'subtitle=pts_time,start_display_time,end_display_time,num_rects';
  const select = ['-v', 'error', '-select_streams', `${stream}`, '-show_entries', entries, '-of', 'json'];
  const { stdout } = await runFfmpeg(ffprobe, [...select, ...inputArguments(path, probe)], {
    signal,
    blame: 'bad-input',
    doing: `reading when the subtitles of stream ${stream} are shown`,
  });
  return eventsSchema.parse(JSON.parse(stdout)).frames.flatMap((event) => {
    const { pts_time: at, start_display_time: from = 0, end_display_time: to = NEVER, num_rects: pictures = 0 } = event;
    if (at === undefined) return [];
    const startSeconds = at - probe.startSeconds + from / 1000;
    const endSeconds = to === NEVER || to <= from ? undefined : at - probe.startSeconds + to / 1000;
    return [{ startSeconds, endSeconds, isBlank: pictures === 0 }];
  });
}
