import * as z from 'zod';
import { noDecoderFor } from '../../core/film/parse-ffprobe.ts';
import type { Probe, Stream, Unusable } from '../../core/film/probe.ts';
import { bytesOfDump } from './hex-dump.ts';

const answer = z.object({
  frames: z.optional(z.array(z.looseObject({ stream_index: z.int() }))),
  streams: z.optional(z.array(z.object({ index: z.int(), extradata: z.optional(z.string()) }))),
});
type Frame = NonNullable<z.infer<typeof answer>['frames']>[number];

/** Runs ffprobe on the file with these arguments before the input's own, and returns its JSON. */
export type AskFfprobe = (questions: readonly string[]) => Promise<unknown>;

/** The first frame of each stream that decodes, and the reason for each that does not. Attached pictures and subtitles are left out. */
type FirstFrames = {
  readonly frames: ReadonlyMap<number, Frame>;
  /** The decoder configuration record of each picture; empty where it has none. */
  readonly configurations: ReadonlyMap<number, Uint8Array>;
  readonly unusable: ReadonlyMap<number, Unusable>;
};

/** Decodes the first frames of every picture and every sound, since only decoding tells whether they can be used. */
export async function firstFrames(ask: AskFfprobe, { streams }: Probe): Promise<FirstFrames> {
  const moving = streams.filter(({ video }) => video && !video.isAttachedPicture);
  const sounds = streams.filter(({ type }) => type === 'audio');
  const [pictures, heard] = await Promise.all([look(ask, 'V', moving), look(ask, 'a', sounds)]);
  return {
    frames: new Map([...pictures.frames, ...heard.frames]),
    configurations: pictures.configurations,
    unusable: new Map([...pictures.unusable, ...heard.unusable]),
  };
}

/**
 * At least one of this many first packets must decode. The very first packets may belong to a picture or sound that began
 * before the recording; 2000 packets are more than a minute of pictures, and more than the longest GOPs of broadcasts.
 */
const FIRST_PACKETS = { V: 1, a: 8 } as const;
const MORE_PACKETS = [60, 2000] as const;

async function look(ask: AskFfprobe, type: 'V' | 'a', streams: readonly Stream[]): Promise<FirstFrames> {
  const found = new Map<number, Frame>();
  const configurations = new Map<number, Uint8Array>();
  if (streams.length === 0) return { frames: found, configurations, unusable: new Map() };
  const lookAt = async (which: string, packets: number) => {
    const told = answer.parse(await ask(firstFramesArguments(which, packets)));
    for (const frame of told.frames ?? []) if (!found.has(frame.stream_index)) found.set(frame.stream_index, frame);
    for (const { index, extradata } of told.streams ?? []) configurations.set(index, bytesOfDump(extradata));
  };
  await lookAt(type, FIRST_PACKETS[type] * streams.length);
  const unusable = new Map<number, Unusable>();
  for (const stream of streams) {
    for (const packets of hasDecoder(stream) ? MORE_PACKETS : []) {
      if (!found.has(stream.index)) await lookAt(`${stream.index}`, packets);
    }
    if (!found.has(stream.index)) unusable.set(stream.index, whyNot(stream));
  }
  return { frames: found, configurations, unusable };
}

const firstFramesArguments = (streams: string, packets: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', streams, '-read_intervals', `%+#${packets}`],
  ...['-show_frames', '-show_data', '-show_entries'],
  'frame=stream_index,width,height,interlaced_frame:frame_side_data:stream=index,extradata',
];

/** Whether a decoder opened the stream: for sound, ffprobe then reports the format of its samples. */
const hasDecoder = ({ type, audio, unusable }: Stream) =>
  !unusable && (type !== 'audio' || audio?.sampleFormat !== 'unknown');

const whyNot = (stream: Stream): Unusable =>
  stream.unusable ??
  (hasDecoder(stream)
    ? { is: 'undecodable', why: `nothing of it decodes as ${stream.codec}` }
    : noDecoderFor(stream.codec));
