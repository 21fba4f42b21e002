import * as z from 'zod/mini';
import type { Probe } from '../../core/film/probe.ts';
import { hasAtmos } from '../../core/film/true-hd.ts';

const packets = z.object({ packets: z.array(z.object({ data: z.string() })) });

/**
 * The probe with what ffprobe before 7.0 does not say of TrueHD: whether it has the objects of Dolby Atmos. That stands in
 * the first packet. `ask` gives ffprobe's JSON for such questions about the file.
 */
export async function withSoundProfiles(
  probe: Probe,
  ask: (questions: readonly string[]) => Promise<unknown>,
): Promise<Probe> {
  const streams = await Promise.all(
    probe.streams.map(async (stream) => {
      if (stream.codec !== 'truehd' || !stream.audio || stream.audio.profile !== undefined) return stream;
      const found = packets.safeParse(await ask(firstPacketArguments(stream.index)));
      const dump = found.success ? found.data.packets[0]?.data : undefined;
      if (dump === undefined || !hasAtmos(bytesOf(dump))) return stream;
      return { ...stream, audio: { ...stream.audio, profile: 'Dolby TrueHD + Dolby Atmos' } };
    }),
  );
  return { ...probe, streams };
}

const firstPacketArguments = (stream: number): string[] => [
  ...['-v', 'error', '-of', 'json', '-select_streams', `${stream}`, '-read_intervals', '%+#1'],
  ...['-show_packets', '-show_data', '-show_entries', 'packet=data'],
];

/** ffprobe prints lines as "00000010: 5f2a 00ff ...  _*......"; 40 columns hold the numbers. */
function bytesOf(dump: string): Uint8Array {
  const numbers = dump.split('\n').map((line) => /^[0-9a-f]{8}: (.{39})/.exec(line)?.[1]?.replaceAll(' ', '') ?? '');
  return Buffer.from(numbers.join(''), 'hex');
}
