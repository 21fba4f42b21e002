/** Where the first packets of streams lie in a transport or program stream, by their PIDs or identifiers as ffprobe tells them. */
export type FirstPackets = ReadonlyMap<number, number>;

/**
 * The bytes from a file's start in which ffmpeg looks for its streams. It holds them in memory meanwhile, in each program that opens
 * the file: with 200 MB an ffmpeg of 82 MiB takes 250 MiB.
 */
export const PROBED_BYTES = { usual: 32_000_000, most: 200_000_000 } as const;

/** Behind the beginning of its first packet ffmpeg needs a few frames of a sound, which lie among packets of the picture. */
const FRAMES_BYTES = 4_000_000;

/**
 * Returns how many bytes of a file ffmpeg has to look through to know its streams that begin late; undefined where it knows all of them, or
 * where each other one begins behind what can be looked through. `known` are the streams that it knows.
 */
export function bytesToProbe(first: FirstPackets, known: ReadonlySet<number>): number | undefined {
  const ends = lateOf(first, known).flatMap(([, at]) => (isReached(at) ? [at + FRAMES_BYTES] : []));
  return ends.length === 0 ? undefined : Math.max(PROBED_BYTES.usual, ...ends);
}

/** Returns the warning where streams begin behind all that can be looked through, of which nothing else is told; none if there are none. */
export function tooLateTold(first: FirstPackets, listed: ReadonlySet<number>): readonly string[] {
  const ids = lateOf(first, listed).flatMap(([id, at]) => (isReached(at) ? [] : [`0x${id.toString(16)}`]));
  if (ids.length === 0) return [];
  const what = ids.length === 1 ? `a stream (${ids[0]}) begins` : `streams (${ids.join(', ')}) begin`;
  return [
    `${what} behind the first ${PROBED_BYTES.most / 1e6} MB and ${ids.length === 1 ? 'is' : 'are'} not in what is made; ${WHOLE_FILM}`,
  ];
}

/** How a film is made of which every stream is found. */
export const WHOLE_FILM =
  'this makes a film that is read whole: ffmpeg -analyzeduration 9G -probesize 9G -i SOURCE -map 0 -c copy NEW.mkv';

const lateOf = (first: FirstPackets, known: ReadonlySet<number>) => [...first].filter(([id]) => !known.has(id));
const isReached = (at: number) => at + FRAMES_BYTES <= PROBED_BYTES.most;
