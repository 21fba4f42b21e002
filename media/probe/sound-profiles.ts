import * as z from 'zod/mini';
import type { Probe } from '../../core/film/probe.ts';
import { hasAtmos } from '../../core/film/true-hd.ts';
import type { AskFfprobe } from './first-frames.ts';
import { bytesOfDump } from './hex-dump.ts';

const packets = z.object({ packets: z.array(z.object({ data: z.string() })) });

const headers = z.object({ streams: z.array(z.object({ extradata: z.optional(z.string()) })) });

/** Returns the probe with the delay of Opus, which ffprobe does not report, from its header: 16 bits at byte 10 (RFC 7845 5.1). */
export async function withSoundDelays(probe: Probe, ask: AskFfprobe): Promise<Probe> {
  const streams = await Promise.all(
    probe.streams.map(async (stream) => {
      if (stream.codec !== 'opus' || !stream.audio) return stream;
      const found = headers.safeParse(await ask(headerArguments(stream.index)));
      const header = bytesOfDump(found.success ? found.data.streams[0]?.extradata : undefined);
      if (header.length < 12) return stream;
      const samples = (header[10] ?? 0) + 256 * (header[11] ?? 0);
      return { ...stream, audio: { ...stream.audio, delaySeconds: samples / 48_000 } };
    }),
  );
  return { ...probe, streams };
}

const headerArguments = (stream: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', `${stream}`, '-show_data'],
  ...['-show_entries', 'stream=extradata'],
];

/** Returns the probe with the profile of TrueHD with Dolby Atmos, read from its first packet: ffprobe before 7.0 does not report it. */
export async function withSoundProfiles(probe: Probe, ask: AskFfprobe): Promise<Probe> {
  const streams = await Promise.all(
    probe.streams.map(async (stream) => {
      if (stream.codec !== 'truehd' || !stream.audio || stream.audio.profile !== undefined) return stream;
      const found = packets.safeParse(await ask(firstPacketArguments(stream.index)));
      const dump = found.success ? found.data.packets[0]?.data : undefined;
      if (dump === undefined || !hasAtmos(bytesOfDump(dump))) return stream;
      return { ...stream, audio: { ...stream.audio, profile: 'Dolby TrueHD + Dolby Atmos' } };
    }),
  );
  return { ...probe, streams };
}

const firstPacketArguments = (stream: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', `${stream}`, '-read_intervals', '%+#1'],
  ...['-show_packets', '-show_data', '-show_entries', 'packet=data'],
];
