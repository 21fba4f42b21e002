import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { CropArea, CropProposal } from '../../core/film/crop-area.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/** Below this share of white a picture counts as black. As a share, it holds for any bit depth: 24 of 255, 96 of 1023. */
const DARK = 0.0942;
const SAMPLES = 5;
const FRAMES_EACH = 30;
/** Bars have at least this many lines; a dark edge of a line or two is no bar. */
const LEAST_BAR = 4;

/**
 * Returns the area that is not black in any of several samples over the film's length, found by cropdetect, so that a dark
 * scene crops nothing. Sides and corners are even. Returns undefined where there are no bars.
 */
export async function proposeCrop(
  ffmpeg: string,
  source: Source,
  durationSeconds: number,
  signal: AbortSignal,
): Promise<CropProposal | undefined> {
  const video = source.probe.streams.find((stream) => stream.index === source.stream)?.video;
  if (!video) return undefined;
  const shown = { left: video.width, top: video.height, right: 0, bottom: 0 };
  const onStderrLine = (line: string) => {
    const found = / crop=(\d+):(\d+):(\d+):(\d+)/.exec(line);
    if (!found) return;
    const [, width = 0, height = 0, left = 0, top = 0] = found.map(Number);
    shown.left = Math.min(shown.left, left);
    shown.top = Math.min(shown.top, top);
    shown.right = Math.max(shown.right, left + width);
    shown.bottom = Math.max(shown.bottom, top + height);
  };
  for (let sample = 0; sample < SAMPLES; sample++) {
    await runFfmpeg(ffmpeg, cropdetectArgs(source, (durationSeconds * (sample + 0.5)) / SAMPLES), {
      signal,
      onStderrLine,
      stdout: 'ignore',
      blame: 'bad-input',
      doing: 'looking for black bars',
    });
  }
  const area = evenInside(shown);
  const bars = Math.max(video.width - area.width, video.height - area.height);
  if (area.width <= 0 || area.height <= 0 || bars < LEAST_BAR) return undefined;
  return { area, picture: await framed(ffmpeg, source, { area, seconds: durationSeconds / 2 }, signal) };
}

const SHOWN_WIDTH = 480;

/** Returns a frame of the film as JPEG, with the area framed. */
async function framed(
  ffmpeg: string,
  { path, stream }: Source,
  { area, seconds }: { readonly area: CropArea; readonly seconds: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const { stream: stdout, bytes } = collectBytes();
  const { width, height, left, top } = area;
  const frame = `drawbox=x=${left}:y=${top}:w=${width}:h=${height}:color=red:t=ceil(iw/240)`;
  const args = [
    ...[...ffmpegPreamble(), '-noautorotate', '-ss', seconds.toFixed(3), ...inputArguments(path)],
    ...['-map', `0:${stream}`, '-vf', `${frame},scale=w=min(iw\\,${SHOWN_WIDTH}):h=-2,format=yuvj420p`],
    ...['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2pipe', 'pipe:1'],
  ];
  await runFfmpeg(ffmpeg, args, { signal, stdout, blame: 'bad-input', doing: 'showing the black bars' });
  return bytes();
}

function evenInside({ left, top, right, bottom }: { left: number; top: number; right: number; bottom: number }) {
  const [x, y] = [left + (left % 2), top + (top % 2)];
  return { left: x, top: y, width: 2 * Math.floor((right - x) / 2), height: 2 * Math.floor((bottom - y) / 2) };
}

const cropdetectArgs = ({ path, stream }: Source, seekSeconds: number): string[] => [
  ...ffmpegPreamble({ log: 'info' }),
  '-noautorotate',
  ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : []),
  ...inputArguments(path),
  ...['-map', `0:${stream}`, '-vf', `cropdetect=limit=${DARK}:round=2:skip=0`],
  ...['-frames:v', `${FRAMES_EACH}`, '-f', 'null', '-'],
];
