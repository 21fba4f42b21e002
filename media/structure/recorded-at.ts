import { avchdCamera, avchdPlace, avchdTimecode } from '../../core/description/avchd-camera.ts';
import { dvRecordingTime } from '../../core/description/dv-recording.ts';
import { recordingTimeIn } from '../../core/description/recording-time.ts';
import type { ToldOfShot } from '../../core/description/told-by-pictures.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { payloadsOf } from './ts-packets.ts';

/** Every picture has the message, so that the beginning suffices. */
const FIRST_BYTES = 4 * 2 ** 20;

const NOTHING: ToldOfShot = { time: undefined, camera: undefined, place: undefined, timecode: undefined };

/**
 * Returns what a camera says beside its pictures, in whatever container they are: one of AVCHD by the messages in the byte stream, one of
 * DV by its packs; nothing of any other file. `mayDrop` says whether the rate is a multiple of 29.97.
 */
export async function recordedAt(
  path: string,
  { family, codec, mayDrop }: { readonly family: Family; readonly codec: string; readonly mayDrop: boolean },
  signal: AbortSignal,
): Promise<ToldOfShot> {
  const isDv = codec === 'dvvideo';
  const isInPackets = family === 'ts' || family === 'm2ts';
  if (!isDv && !isInPackets && codec !== 'h264') return NOTHING;
  const bytes = await withByteSource(path, signal, (source) => source.read(0, FIRST_BYTES));
  if (isDv) return { ...NOTHING, time: dvRecordingTime(bytes) };
  // other containers hold the units of a picture in one piece
  const streams = isInPackets ? payloadsOf(bytes) : [bytes];
  const firstOf = <Found>(read: (stream: Buffer) => Found | undefined) => {
    for (const stream of streams) {
      const found = read(stream);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    time: firstOf(recordingTimeIn),
    camera: firstOf(avchdCamera),
    place: firstOf(avchdPlace),
    timecode: firstOf((stream) => avchdTimecode(stream, mayDrop)),
  };
}
