import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { linesThat, speakerIn } from '../../core/film/log-speakers.ts';
import type { SoundIn, Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/**
 * Decodes sounds of a file, all by one reading, and returns what their decoders complain of: packets that are copied are decoded nowhere
 * else. None where ffmpeg cannot decode one of them.
 */
export async function soundDamage(
  ffmpeg: string,
  { path, probe, stream }: Source,
  sounds: readonly SoundIn[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const decodable = sounds.filter((sound) => !probe.streams[sound.stream]?.unusable);
  if (decodable.length === 0) return [];
  const args = [
    ...[...ffmpegPreamble({ acceptsErrors: true }), ...decodable.flatMap(decoderOf)],
    ...[...inputArguments(path, probe), ...decodable.flatMap((sound) => ['-map', `0:${sound.stream}`])],
    ...['-f', 'null', '-'],
  ];
  const speaker = speakerIn(probe, stream);
  try {
    const { stderrTail } = await runFfmpeg(ffmpeg, args, { signal, blame: 'bad-input', doing: 'decoding the sound' });
    return linesThat(stderrTail, (line) => (speaker(line) ?? 'other') === 'other');
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    return [];
  }
}

/** An MP4 says only that a sound is MPEG audio, for which ffmpeg takes the decoder of layer III. */
const decoderOf = ({ stream, codec }: SoundIn): readonly string[] =>
  /^mp[12]$/.test(codec) ? [`-c:${stream}`, codec] : [];
