import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { makerOf } from '../../core/settings/makers.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';

/** The result of a trial of an encoder: the graphics card on which it works, or why it does not work. */
export type EncoderTrial =
  | { readonly works: true; readonly device: string }
  | { readonly works: false; readonly why: string };

/**
 * Encodes a few frames to find out whether the card, its driver and a free session are available. An ffmpeg lists every
 * encoder that it was built with, whether it works or not.
 */
export async function tryEncoder(ffmpeg: string, encoder: string, signal: AbortSignal): Promise<EncoderTrial> {
  try {
    const { stderrTail } = await runProcess(ffmpeg, trialArgs(encoder), { signal });
    return { works: true, device: deviceIn(stderrTail) };
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    return { works: false, why: reasonIn(error.stderrTail) ?? `it ended with exit code ${error.exitCode}` };
  }
}

const trialArgs = (encoder: string) => [
  ...ffmpegPreamble({ log: 'verbose' }),
  ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25'],
  ...['-frames:v', '5', '-pix_fmt', makerOf(encoder) === 'qsv' ? 'nv12' : 'yuv420p', '-c:v', encoder],
  ...['-f', 'null', '-'],
];

/**
 * Reads the name of the card from lines such as "[h264_nvenc @ 0x55] [ GPU #0 - < NVIDIA L4 > has Compute SM 8.9 ]".
 */
const deviceIn = (lines: readonly string[]) =>
  lines.map((line) => /GPU #\d+ - < (.+?) >/.exec(line)?.[1]).find((found) => found !== undefined) ?? 'not named';

/** Returns the last complaint of the encoder itself, without ffmpeg's prefix, or undefined if it made none. */
export function reasonIn(lines: readonly string[]): string | undefined {
  const own = lines.map((line) => /^\[\w+_(?:nvenc|qsv|videotoolbox) @ \w+\] (.+)$/.exec(line)?.[1]);
  return own.findLast((line) => line !== undefined && /cannot|not |no |error|fail|unsupported|invalid/i.test(line));
}
