import { PassThrough } from 'node:stream';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { DecodingOrder } from '../../core/film/decoding-order.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/** The filter of packets that gives each the number at which it comes for its time. */
export const NUMBERED = 'setts=pts=N:dts=N';

/** Takes packets before the first keyframe along, of which decoders may make pictures, too. */
export const FROM_THE_FIRST = '-copyinkf';

/**
 * Returns the order in which pictures are decoded whose packets have no times, as those of a bare stream: a decoder, which gets
 * their numbers for their times, gives them back in the order of showing.
 */
export async function decodedOrder(
  { ffmpeg, ffprobe }: { readonly ffmpeg: string; readonly ffprobe: string },
  { path, stream }: { readonly path: string; readonly stream: number },
  signal: AbortSignal,
): Promise<DecodingOrder> {
  const order: number[] = [];
  const pipe = new PassThrough();
  const running = { signal, blame: 'bad-input', doing: 'reading in which order pictures are shown' } as const;
  const copied = ['-map', `0:${stream}`, '-c', 'copy', FROM_THE_FIRST, '-bsf:v', NUMBERED, '-f', 'nut', 'pipe:1'];
  const input = ['-protocol_whitelist', 'pipe', '-f', 'nut', '-i', 'pipe:0'];
  const shown = ['-select_streams', 'v:0', '-show_entries', 'frame=pts', '-of', 'csv=p=0'];
  const [reading, showing] = await Promise.allSettled([
    runFfmpeg(ffmpeg, [...ffmpegPreamble(), ...inputArguments(path), ...copied], { ...running, stdout: pipe }),
    runFfmpeg(ffprobe, ['-v', 'error', ...input, ...shown], {
      ...running,
      stdin: pipe,
      onStdoutLine: (line) => {
        const number = Number.parseInt(line, 10); // side data have lines of their own
        if (Number.isFinite(number)) order.push(number);
      },
    }),
  ]);
  if (reading.status === 'rejected') throw reading.reason;
  if (showing.status === 'rejected') throw showing.reason;
  return order;
}
