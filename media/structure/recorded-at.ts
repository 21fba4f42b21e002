import { avchdCamera } from '../../core/description/avchd-camera.ts';
import { dvRecordingTime } from '../../core/description/dv-recording.ts';
import { type RecordingTime, recordingTimeIn } from '../../core/description/recording-time.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { findPackets } from './ts-packets.ts';

/** Every picture has the message, so that the beginning suffices. */
const FIRST_BYTES = 4 * 2 ** 20;
const PACKET_BYTES = 188;

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

/** The payloads of each stream of packets, joined (ISO/IEC 13818-1 2.4.3.2). */
export function payloadsOf(bytes: Buffer): readonly Buffer[] {
  const first = findPackets(bytes);
  if (!first) return [];
  const { stride, prefix } = first.packing;
  const payloads = new Map<number, Buffer[]>();
  for (let at = first.at + prefix; at + PACKET_BYTES <= bytes.length; at += stride) {
    const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
    const control = (bytes[at + 3] ?? 0) & 0x30;
    const begin = at + 4 + (control === 0x30 ? 1 + (bytes[at + 4] ?? 0) : 0);
    if (control === 0x20 || begin >= at + PACKET_BYTES) continue;
    const parts = payloads.get(pid) ?? [];
    payloads.set(pid, parts);
    parts.push(bytes.subarray(begin, at + PACKET_BYTES));
  }
  return [...payloads.values()].map((parts) => Buffer.concat(parts));
}
