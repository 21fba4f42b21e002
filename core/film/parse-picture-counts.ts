import * as z from 'zod/mini';
import type { Probe, Stream } from './probe.ts';

/** The arguments whose JSON says how many packets each video stream has; the input's own arguments follow. */
export const PICTURE_COUNT_ARGUMENTS: readonly string[] = [
  ...['-v', 'error', '-of', 'json', '-select_streams', 'v', '-count_packets'],
  ...['-show_entries', 'stream=index,nb_read_packets'],
];

const counts = z.object({
  streams: z.array(z.object({ index: z.int(), nb_read_packets: z.optional(z.string()) })),
});

/** Returns how many packets each video stream has, by stream index; streams that ffprobe did not count are absent. */
export function parsePictureCounts(json: unknown): ReadonlyMap<number, number> {
  const parsed = counts.safeParse(json);
  const streams = parsed.success ? parsed.data.streams : [];
  return new Map(
    streams.flatMap(({ index, nb_read_packets }) =>
      nb_read_packets === undefined ? [] : [[index, Number(nb_read_packets)] as const],
    ),
  );
}

/** Returns the probe with its still picture streams marked. `pictures` has the count of pictures by stream index. */
export function withStills(probe: Probe, pictures: ReadonlyMap<number, number>): Probe {
  const most = Math.max(0, ...pictures.values());
  const isStill = ({ index }: Stream) => most > 1 && (pictures.get(index) ?? most) <= 1;
  const streams = probe.streams.map((stream) =>
    stream.video && isStill(stream) ? { ...stream, video: { ...stream.video, isStill: true as const } } : stream,
  );
  return { ...probe, streams };
}
