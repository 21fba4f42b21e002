import { createReadStream } from 'node:fs';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Access } from '../../core/film/probe.ts';
import { toNumber } from '../../core/units.ts';
import { readNutSound } from '../nut/read-nut-sound.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

type DecodedSound = {
  readonly source: string;
  readonly access: Access;
  readonly stream: number;
  readonly output: string;
};

/** Times are moved by this much, since NUT has no time before 0 and sound may begin before the file's start. */
const LATER_SECONDS = 1000;

/**
 * Decodes a sound into a file of PCM. Where its channels or its rate change midway, ffmpeg begins its filters anew, and those that
 * lay sound by its times count from the beginning again; in this file all is of one kind, that of the first packet. Returns when
 * it begins, in seconds from the source's start. Throws `bad-input` where nothing of it decodes.
 */
export async function decodeSound(
  ffmpeg: string,
  { source, access, stream, output }: DecodedSound,
  signal: AbortSignal,
): Promise<number> {
  const args = [
    ...[...ffmpegPreamble({ acceptsErrors: true }), '-y', ...timedInputArguments(source, access)],
    ...['-map', `0:${stream}`, '-c:a', 'pcm_s32le', '-output_ts_offset', `${LATER_SECONDS}`],
    ...['-f', 'nut', `file:${output}`],
  ];
  const doing = `decoding the sound of stream ${stream}`;
  await runFfmpeg(ffmpeg, args, { signal, writes: output, blame: 'bad-input', doing });
  const file = createReadStream(output);
  for await (const { pts, timeBase } of readNutSound(file)) {
    file.destroy();
    return pts * toNumber(timeBase) - LATER_SECONDS;
  }
  return 0;
}
