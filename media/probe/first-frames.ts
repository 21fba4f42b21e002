import * as z from 'zod/mini';
import type { FilePackets } from '../../core/film/file-packets.ts';
import { noDecoderFor } from '../../core/film/parse-ffprobe.ts';
import type { Probe, Stream, Unusable } from '../../core/film/probe.ts';
import { WHOLE_FILM } from '../../core/recordings/late-streams.ts';
import { bytesOfDump } from './hex-dump.ts';

const answer = z.object({
  frames: z.optional(z.array(z.looseObject({ stream_index: z.optional(z.int()), pts: z.optional(z.number()) }))),
  streams: z.optional(z.array(z.object({ index: z.int(), extradata: z.optional(z.string()) }))),
});
type Answer = z.infer<typeof answer>;
type Frame = NonNullable<Answer['frames']>[number];

/** Runs ffprobe on the file with these arguments before the input's own, and returns its JSON. */
export type AskFfprobe = (questions: readonly string[]) => Promise<unknown>;

/** The first frame of each stream that decodes, and the reason for each that does not. Attached pictures and subtitles are left out. */
type FirstFrames = {
  readonly frames: ReadonlyMap<number, Frame>;
  /** The decoder configuration record of each picture; empty where it has none. */
  readonly configurations: ReadonlyMap<number, Uint8Array>;
  readonly unusable: ReadonlyMap<number, Unusable>;
};

/**
 * Decodes the first frames of every picture and every sound, since only decoding tells whether they can be used. If the packets
 * are known, one process looks at a small picture and its sounds.
 */
export async function firstFrames(ask: AskFfprobe, { streams }: Probe, packets?: FilePackets): Promise<FirstFrames> {
  const moving = streams.filter(({ video }) => video && !video.isAttachedPicture);
  const sounds = streams.filter(({ type }) => type === 'audio');
  const both = packets && (await lookAtBoth(ask, moving, { sounds, packets }));
  const [pictures, heard] = await Promise.all([
    look(ask, 'V', { streams: moving, seen: both }),
    look(ask, 'a', { streams: sounds, seen: both }),
  ]);
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

/** The decoder of MPEG-2 tells a GOP's time code when the second picture has come. */
const PACKETS_WITH_TIMECODE = 3;
const holdsTimecode = ({ codec }: Stream) => /^mpeg[12]video$/.test(codec);

type Looked = { readonly streams: readonly Stream[]; readonly seen: Answer | undefined };

async function look(ask: AskFfprobe, type: 'V' | 'a', { streams, seen }: Looked): Promise<FirstFrames> {
  const found = new Map<number, Frame>();
  const configurations = new Map<number, Uint8Array>();
  if (streams.length === 0) return { frames: found, configurations, unusable: new Map() };
  const isMeant = new Set(streams.map(({ index }) => index));
  const take = (told: Answer) => {
    for (const frame of told.frames ?? []) {
      const { stream_index: index } = frame; // a subtitle has none
      if (index !== undefined && isMeant.has(index) && !found.has(index)) found.set(index, frame);
    }
    for (const { index, extradata } of told.streams ?? [])
      if (isMeant.has(index)) configurations.set(index, bytesOfDump(extradata));
  };
  const lookAt = async (which: string, packets: number) =>
    take(answer.parse(await ask(firstFramesArguments(which, packets))));
  if (seen) take(seen);
  else await lookAt(type, (streams.some(holdsTimecode) ? PACKETS_WITH_TIMECODE : FIRST_PACKETS[type]) * streams.length);
  const unusable = new Map<number, Unusable>();
  for (const stream of streams) {
    for (const packets of hasDecoder(stream) ? MORE_PACKETS : []) {
      if (!found.has(stream.index)) await lookAt(`${stream.index}`, packets);
    }
    if (found.has(stream.index)) continue;
    unusable.set(stream.index, (await hiddenByEdits(ask, stream)) ?? whyNot(stream));
  }
  return { frames: found, configurations, unusable };
}

/** Pictures are decoded up to the sounds' first packets only where that takes less time than to start ffprobe again. */
const FEW_PIXELS = 4e6;

/**
 * Returns what one process finds at the beginning of a file with one picture and sounds; undefined where two find more surely.
 * The picture's frame is that of its first packet, as it is when that packet is decoded alone.
 */
async function lookAtBoth(
  ask: AskFfprobe,
  moving: readonly Stream[],
  { sounds, packets: { packets } }: { readonly sounds: readonly Stream[]; readonly packets: FilePackets },
): Promise<Answer | undefined> {
  const [picture, ...others] = moving;
  if (!picture?.video || others.length > 0 || sounds.length === 0) return undefined;
  const isSound = new Set(sounds.map(({ index }) => index));
  const times: (number | undefined)[] = [];
  let [heard, count] = [0, 0];
  for (const { stream_index, pts } of packets) {
    if (times.length > 0 && heard >= FIRST_PACKETS.a * sounds.length) break;
    count++;
    if (isSound.has(stream_index)) heard++;
    if (stream_index === picture.index) times.push(pts);
  }
  const [first, ...later] = times;
  const { width, height } = picture.video;
  if (first === undefined || later.includes(first) || times.length * width * height > FEW_PIXELS) return undefined;
  const told = answer.parse(await ask(firstFramesArguments('', count)));
  const isOfFirst = (frame: Frame) => frame.stream_index !== picture.index || frame.pts === first;
  const frames = told.frames?.filter(isOfFirst) ?? [];
  return frames.some(({ stream_index }) => stream_index === picture.index) ? { ...told, frames } : undefined;
}

/** Without streams, all of them are looked at. */
const firstFramesArguments = (streams: string, packets: number): string[] => [
  ...['-v', 'error', '-of', 'json', ...(streams === '' ? [] : ['-select_streams', streams])],
  ...['-read_intervals', `%+#${packets}`, '-show_frames', '-show_data', '-show_entries'],
  'frame=stream_index,pts,width,height,interlaced_frame,top_field_first,color_transfer,color_space:frame_side_data:stream=index,extradata',
];

/** Whether a decoder opened the stream: for sound, ffprobe then reports the format of its samples. */
const hasDecoder = ({ type, audio, unusable }: Stream) =>
  !unusable && (type !== 'audio' || audio?.sampleFormat !== 'unknown');

/** Returns why nothing is shown of a stream that decodes where the edit list of its MP4 is not obeyed; undefined for any other. */
async function hiddenByEdits(ask: AskFfprobe, stream: Stream): Promise<Unusable | undefined> {
  if (!hasDecoder(stream)) return undefined;
  const questions = ['-ignore_editlist', '1', ...firstFramesArguments(`${stream.index}`, FIRST_PACKETS.a)];
  const told = answer.safeParse(await ask(questions).catch(() => undefined)); // only MP4 and MOV have edit lists
  const isThere = told.success && told.data.frames?.some(({ stream_index: index }) => index === stream.index);
  // the length that ffprobe tells includes the delay before the first edit
  const lastsNothing = (stream.durationSeconds ?? 1) <= Math.max(0, stream.startSeconds ?? 0);
  const [cause, remedy] = lastsNothing ? LASTING_NOTHING : BEHIND_ALL;
  return isThere
    ? {
        is: 'undecodable',
        why: `its edit list shows no packet of its ${stream.codec}, which decodes: ${cause}; ${remedy}`,
      }
    : undefined;
}

/** ffmpeg shows nothing of an edit of no length. If it only moves streams by their edits it shows all, and pictures and sound stay in step. */
const LASTING_NOTHING = [
  'its edits last 0 s',
  'ffmpeg -advanced_editlist 0 -i SOURCE -c copy NEW.mp4 shows all from where they begin',
] as const;
const BEHIND_ALL = [
  'it begins behind the last of them',
  'ffmpeg -ignore_editlist 1 -i SOURCE -c copy NEW.mp4 shows all',
] as const;

function whyNot({ codec, ...stream }: Stream): Unusable {
  if (stream.unusable) return stream.unusable;
  if (hasDecoder({ codec, ...stream })) return { is: 'undecodable', why: `nothing of it decodes as ${codec}` };
  return stream.audio?.sampleRate === 0 ? notHeardYet(codec) : noDecoderFor(codec);
}

/** A sound of a broadcast may begin later than ffmpeg looks for it (see `bytesToProbe`). */
const notHeardYet = (codec: string): Unusable => ({
  is: 'unknown',
  why: `ffmpeg finds no sound of it (${codec}) in the first 200 MB, or has no decoder for it; if it begins later, ${WHOLE_FILM}`,
});
