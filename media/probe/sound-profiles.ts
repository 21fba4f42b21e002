import * as z from 'zod/mini';
import { type LastPacket, opusSamples } from '../../core/bytes/opus-end.ts';
import { emphasisOfMpeg } from '../../core/film/emphasis.ts';
import { MOST_PARTIAL_PACKETS, mayBeginPartly, partialPackets, SURE_PACKETS } from '../../core/film/partial-sound.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import { hasAtmos } from '../../core/film/true-hd.ts';
import type { AskFfprobe } from './first-frames.ts';
import { bytesOfDump } from './hex-dump.ts';

const packets = z.object({ packets: z.array(z.object({ data: z.string() })) });

const headers = z.object({
  streams: z.array(z.object({ extradata: z.optional(z.string()) })),
  packets: z.optional(
    z.array(
      z.object({
        duration_time: z.optional(z.string()),
        data: z.string(),
        side_data_list: z.optional(z.array(z.object({ discard_padding: z.optional(z.int()) }))),
      }),
    ),
  ),
});

/**
 * Returns the probe with the delay of Opus, which ffprobe does not report, from its header: 16 bits at byte 10 (RFC 7845 5.1),
 * and with its last packet where a part of it is no sound.
 */
export async function withSoundDelays(probe: Probe, ask: AskFfprobe): Promise<Probe> {
  const streams = await Promise.all(
    probe.streams.map(async (stream) => {
      if (stream.codec !== 'opus' || !stream.audio) return stream;
      // ffprobe fails where it cannot seek, as in a sound without packets, and then reads from the beginning
      const whole = () => ask(headerArguments(stream.index, 0));
      const read = ask(headerArguments(stream.index, secondsBeforeEnd(probe, stream))).catch(whole);
      const found = headers.safeParse(await read);
      const header = bytesOfDump(found.success ? found.data.streams[0]?.extradata : undefined);
      if (header.length < 12) return stream;
      const samples = (header[10] ?? 0) + 256 * (header[11] ?? 0);
      const lastPacket = lastPacketOf(found.success ? found.data.packets?.at(-1) : undefined, probe);
      const delaySeconds = samples / 48_000;
      return { ...stream, audio: { ...stream.audio, delaySeconds, ...(lastPacket && { lastPacket }) } };
    }),
  );
  return { ...probe, streams };
}

const headerArguments = (stream: number, from: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', `${stream}`, '-show_data', '-show_packets'],
  ...(from > 0 ? ['-read_intervals', `${from.toFixed(3)}%`] : []),
  ...['-show_entries', 'stream=extradata:packet=duration_time,data:packet_side_data=discard_padding'],
];

/** The time from which packets are read: a second before the stream's end, or the film's where the stream's is not known. */
function secondsBeforeEnd({ startSeconds, durationSeconds }: Probe, stream: Stream): number {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(stream.tags.duration ?? '') ?? [];
  const tagged = seconds === undefined ? undefined : 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
  const lasts = tagged ?? stream.durationSeconds ?? durationSeconds ?? 0;
  return Math.max(0, (stream.startSeconds ?? startSeconds) + lasts - 1);
}

type Packet = NonNullable<z.infer<typeof headers>['packets']>[number];

/** Matroska and Ogg say how many samples of the last packet are left out, MP4 how long it is shown; undefined where all of it is. */
function lastPacketOf(packet: Packet | undefined, { format }: Probe): LastPacket | undefined {
  const samples = opusSamples(bytesOfDump(packet?.data));
  if (!packet || samples === undefined) return undefined;
  const padding = packet.side_data_list?.find((data) => data.discard_padding !== undefined)?.discard_padding;
  const inTable = format.startsWith('mov') ? Math.round(Number(packet.duration_time ?? 0) * 48_000) : samples;
  const shown = padding === undefined ? inTable : samples - padding;
  return shown > 0 && shown < samples ? { samples, shown } : undefined;
}

/**
 * Returns the probe with what first packets say of sound, and ffprobe does not: the profile of TrueHD with Dolby Atmos, which it reports
 * from 7.0 on, the emphasis of MPEG audio, and how many packets are parts of a frame.
 */
export async function withSoundProfiles(probe: Probe, ask: AskFfprobe): Promise<Probe> {
  const streams = await Promise.all(
    probe.streams.map(async (stream) => {
      const isMpeg = /^mp[123]$/.test(stream.codec);
      const mayBePart = mayBeginPartly(probe.format, stream.codec);
      const isAsked = isMpeg || mayBePart || (stream.codec === 'truehd' && stream.audio?.profile === undefined);
      if (!stream.audio || !isAsked || stream.unusable) return stream;
      const first = async (count: number) => {
        const found = packets.safeParse(await ask(firstPacketArguments(stream.index, count)));
        return found.success ? found.data.packets.map(({ data }) => bytesOfDump(data)) : [];
      };
      const begins = await first(mayBePart ? SURE_PACKETS : 1);
      const [one] = begins;
      if (one === undefined) return stream;
      if (isMpeg || mayBePart) {
        const isWhole = !mayBePart || partialPackets(stream.codec, begins) === 0;
        const several = isWhole ? begins : await first(MOST_PARTIAL_PACKETS);
        const parts = isWhole ? 0 : (partialPackets(stream.codec, several) ?? 0);
        const emphasis = isMpeg ? emphasisOfMpeg(several[parts] ?? one) : undefined;
        return {
          ...stream,
          audio: { ...stream.audio, ...(emphasis && { emphasis }), ...(parts > 0 && { partialPackets: parts }) },
        };
      }
      if (!hasAtmos(one)) return stream;
      return { ...stream, audio: { ...stream.audio, profile: 'Dolby TrueHD + Dolby Atmos' } };
    }),
  );
  return { ...probe, streams };
}

const firstPacketArguments = (stream: number, count: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', `${stream}`, '-read_intervals', `%+#${count}`],
  ...['-show_packets', '-show_data', '-show_entries', 'packet=data'],
];
