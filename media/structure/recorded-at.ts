import { avchdCamera } from '../../core/description/avchd-camera.ts';
import { dvRecordingTime } from '../../core/description/dv-recording.ts';
import { type RecordingTime, recordingTimeIn } from '../../core/description/recording-time.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { payloadsOf } from './ts-packets.ts';

/** Every picture has the message, so that the beginning suffices. */
const FIRST_BYTES = 4 * 2 ** 20;

/** When, and with what camera, a film was shot. */
type Shot = {
  readonly time: RecordingTime | undefined;
  readonly camera: ReturnType<typeof avchdCamera>;
};

/**
 * Returns what a camera says beside its pictures: one of AVCHD by the messages in a transport stream, one of DV by its packs, in whatever
 * container they are; nothing of any other file.
 */
export async function recordedAt(
  path: string,
  { family, codec }: { readonly family: Family; readonly codec: string },
  signal: AbortSignal,
): Promise<Shot> {
  const isDv = codec === 'dvvideo';
  if (!isDv && family !== 'ts' && family !== 'm2ts') return { time: undefined, camera: undefined };
  const bytes = await withByteSource(path, signal, (source) => source.read(0, FIRST_BYTES));
  if (isDv) return { time: dvRecordingTime(bytes), camera: undefined };
  const streams = payloadsOf(bytes);
  const firstOf = <Found>(read: (stream: Buffer) => Found | undefined) => {
    for (const stream of streams) {
      const found = read(stream);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { time: firstOf(recordingTimeIn), camera: firstOf(avchdCamera) };
}
