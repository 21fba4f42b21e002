import * as z from 'zod';
import { codecString } from '../../core/film/codec-string.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
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

/** RFC 6381's codecs parameter for the picture of a file, from its decoder configuration record. */
export async function readCodecString(ffprobe: string, path: string, signal: AbortSignal): Promise<string> {
  const args = [
    '-v',
    'error',
    '-of',
    'json',
    '-select_streams',
    'v',
    '-show_streams',
    '-show_data',
    ...inputArguments(path),
  ];
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
    configuration: bytesOf(main?.extradata),
  });
}

const sound = z.object({ streams: z.array(z.object({ codec_name: z.string(), profile: z.string().optional() })) });

/** ISO/IEC 14496-3's audio object types, by ffprobe's names of AAC's profiles. */
const AAC_TYPES: Readonly<Record<string, number>> = { Main: 1, LC: 2, SSR: 3, LTP: 4, 'HE-AAC': 5, 'HE-AACv2': 29 };

/** The codecs parameter of a file's first sound; undefined where it has none. */
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

/** ffprobe's hex dump ("00000000: 0102 0304 ...  text") as bytes. */
function bytesOf(dump = ''): Uint8Array {
  const hex = dump
    .split('\n')
    .map((line) => line.slice(10, 49).replaceAll(' ', ''))
    .join('');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
