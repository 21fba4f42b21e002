import * as z from 'zod';
import { codecString } from '../../core/film/codec-string.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { bytesOfDump } from './hex-dump.ts';
import { inputArguments } from './input-arguments.ts';

const file = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string().optional(),
      codec_tag_string: z.string().optional(),
      extradata: z.string().optional(),
      disposition: z.object({ attached_pic: z.number() }).partial().optional(),
    }),
  ),
});

/** Returns the codecs parameter (RFC 6381) of a file's picture, from its decoder configuration record. */
export async function readCodecString(ffprobe: string, path: string, signal: AbortSignal): Promise<string> {
  const questions = ['-v', 'error', '-of', 'json', '-select_streams', 'v', '-show_streams', '-show_data'];
  const args = [...questions, ...inputArguments(path)];
  const { stdout } = await runFfmpeg(ffprobe, args, {
    signal,
    blame: 'bad-input',
    doing: 'reading the decoder configuration',
  });
  const { streams } = file.parse(JSON.parse(stdout));
  const main = streams.find((stream) => stream.disposition?.attached_pic !== 1);
  return codecString({
    codec: main?.codec_name ?? '',
    tag: main?.codec_tag_string ?? '',
    configuration: bytesOfDump(main?.extradata),
  });
}

const sound = z.object({ streams: z.array(z.object({ codec_name: z.string(), profile: z.string().optional() })) });

/** The audio object types of ISO/IEC 14496-3, by ffprobe's names of the AAC profiles. */
const AAC_TYPES: Readonly<Record<string, number>> = { Main: 1, LC: 2, SSR: 3, LTP: 4, 'HE-AAC': 5, 'HE-AACv2': 29 };

/** Returns the codecs parameter (RFC 6381) of a file's first sound; undefined where it has no sound. */
export async function readSoundCodecString(
  ffprobe: string,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', 'a:0', '-show_streams', ...inputArguments(path)];
  const { stdout } = await runFfmpeg(ffprobe, args, { signal, blame: 'bad-input', doing: 'reading the sound' });
  const [stream] = sound.parse(JSON.parse(stdout)).streams;
  if (!stream) return undefined;
  const type = AAC_TYPES[stream.profile ?? 'LC'] ?? 2;
  return stream.codec_name === 'aac' ? `mp4a.40.${type}` : stream.codec_name;
}
