import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

const SAMPLES = 3;
const FRAMES_EACH = 60;

/**
 * Whether the picture is interlaced, measured by idet on three samples. A stream flagged progressive is not measured; a flag
 * "interlaced" is not trusted, since much progressive film is flagged so.
 */
export async function isInterlaced(
  ffmpeg: string,
  source: Source,
  durationSeconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  const video = source.probe.streams.find((stream) => stream.index === source.stream)?.video;
  if (!video || video.fieldOrder === 'progressive') return false;
  let interlaced = 0;
  let progressive = 0;
  const onStderrLine = (line: string) => {
    const counts = /Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/.exec(line);
    interlaced += Number(counts?.[1] ?? 0) + Number(counts?.[2] ?? 0);
    progressive += Number(counts?.[3] ?? 0);
  };
  for (let sample = 0; sample < SAMPLES; sample++) {
    const args = idetArgs(source, (durationSeconds * sample) / SAMPLES);
    await runFfmpeg(ffmpeg, args, {
      signal,
      onStderrLine,
      stdout: 'ignore',
      blame: 'bad-input',
      doing: 'looking for interlacing',
    });
  }
  return interlaced > progressive;
}

const idetArgs = ({ path, stream }: Source, seekSeconds: number): string[] => [
  ...ffmpegPreamble({ log: 'info' }),
  '-noautorotate',
  ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : []),
  ...inputArguments(path),
  ...['-map', `0:${stream}`, '-vf', 'idet', '-frames:v', `${FRAMES_EACH}`, '-f', 'null', '-'],
];
