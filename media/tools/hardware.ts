import { makerOf } from '../../core/settings/makers.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';

/** What a graphics card's encoder said to a few frames: that it works, and on what; or why it does not. */
export type EncoderTrial = { readonly works: true; readonly device: string } | { readonly works: false; readonly why: string };

/**
 * Encodes a few frames. That an ffmpeg lists an encoder says only that it was built with it: the card, its driver and a
 * free session are found out by trying.
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
  ...['-hide_banner', '-nostdin', '-nostats', '-v', 'verbose', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25'],
  ...['-frames:v', '5', '-pix_fmt', makerOf(encoder) === 'qsv' ? 'nv12' : 'yuv420p', '-c:v', encoder],
  ...['-f', 'null', '-'],
];

/** "[h264_nvenc @ 0x55] [ GPU #0 - < NVIDIA L4 > has Compute SM 8.9 ]" */
const deviceIn = (lines: readonly string[]) =>
  lines.map((line) => /GPU #\d+ - < (.+?) >/.exec(line)?.[1]).find((found) => found !== undefined) ?? 'not named';

/** The encoder's own first complaint, without ffmpeg's prefix. */
export function reasonIn(lines: readonly string[]): string | undefined {
  const own = lines.map((line) => /^\[\w+_(?:nvenc|qsv|videotoolbox) @ \w+\] (.+)$/.exec(line)?.[1]);
  return own.findLast((line) => line !== undefined && /cannot|not |no |error|fail|unsupported|invalid/i.test(line));
}
