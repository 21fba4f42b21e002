import * as z from 'zod';
import { noDecoderFor } from '../../core/film/parse-ffprobe.ts';
import type { Probe, Stream, Unusable } from '../../core/film/probe.ts';

const frames = z.object({ frames: z.optional(z.array(z.looseObject({ stream_index: z.int() }))) });
type Frame = NonNullable<z.infer<typeof frames>['frames']>[number];

/** Puts a question to ffprobe; gives its JSON. */
export type Ask = (questions: readonly string[]) => Promise<unknown>;

/** Of each stream that decodes, its first frame; of each that does not, why. Attached pictures and subtitles are not looked at. */
export type FirstFrames = {
  readonly frames: ReadonlyMap<number, Frame>;
  readonly unusable: ReadonlyMap<number, Unusable>;
};

/** Decodes the first frames of every picture and every sound, for only that tells whether anything can be made of them. */
export async function firstFrames(ask: Ask, { streams }: Probe): Promise<FirstFrames> {
  const moving = streams.filter(({ video }) => video && !video.isAttachedPicture);
  const sounds = streams.filter(({ type }) => type === 'audio');
  const [pictures, heard] = await Promise.all([look(ask, 'V', moving), look(ask, 'a', sounds)]);
  return {
    frames: new Map([...pictures.frames, ...heard.frames]),
    unusable: new Map([...pictures.unusable, ...heard.unusable]),
  };
}

/**
 * Packets at the beginning of which at least one must decode. The first packets alone may be what is left of a picture or
 * sound that began before the recording; 2000 are more than a minute of pictures, and all of the longest GOPs of broadcasts.
 */
const FIRST_PACKETS = { V: 1, a: 8 } as const;
const MORE_PACKETS = [60, 2000] as const;

async function look(ask: Ask, type: 'V' | 'a', streams: readonly Stream[]): Promise<FirstFrames> {
  const found = new Map<number, Frame>();
  if (streams.length === 0) return { frames: found, unusable: new Map() };
  const lookAt = async (which: string, packets: number) => {
    for (const frame of frames.parse(await ask(firstFramesArguments(which, packets))).frames ?? [])
      if (!found.has(frame.stream_index)) found.set(frame.stream_index, frame);
  };
  await lookAt(type, FIRST_PACKETS[type] * streams.length);
  const unusable = new Map<number, Unusable>();
  for (const stream of streams) {
    for (const packets of hasDecoder(stream) ? MORE_PACKETS : []) {
      if (!found.has(stream.index)) await lookAt(`${stream.index}`, packets);
    }
    if (!found.has(stream.index)) unusable.set(stream.index, whyNot(stream));
  }
  return { frames: found, unusable };
}

const firstFramesArguments = (streams: string, packets: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', streams, '-read_intervals', `%+#${packets}`],
  ...['-show_frames', '-show_entries', 'frame=stream_index,width,height,interlaced_frame:frame_side_data'],
];

/** Of sound ffprobe tells the format of its samples wherever a decoder opened. */
const hasDecoder = ({ type, audio, unusable }: Stream) =>
  !unusable && (type !== 'audio' || audio?.sampleFormat !== 'unknown');

const whyNot = (stream: Stream): Unusable =>
  stream.unusable ??
  (hasDecoder(stream)
    ? { is: 'undecodable', why: `nothing of it decodes as ${stream.codec}` }
    : noDecoderFor(stream.codec));
