import * as z from 'zod/mini';

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
