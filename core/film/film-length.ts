import type { Probe, Stream } from './probe.ts';

/**
 * A subtitle that is a picture may have no end, and containers that count it say that the film lasts 1,193 hours. How long a
 * film lasts is therefore for its pictures and sounds to say, wherever it would else be too long and has other streams.
 * `ends` are theirs, in seconds, by stream, where they were read.
 */
export function withFilmLength(
  probe: Probe,
  longestSeconds: number,
  ends: ReadonlyMap<number, number | undefined> = new Map(),
): Probe {
  const { durationSeconds = 0, streams } = probe;
  if (durationSeconds <= longestSeconds || !streams.some(isBeside)) return probe;
  const lengths = streams.filter((stream) => !isBeside(stream)).map((each) => ends.get(each.index) ?? lengthOf(each));
  const known = lengths.filter((length) => length !== undefined);
  if (known.length < lengths.length || known.length === 0) return probe;
  const film = Math.max(...known);
  return film < durationSeconds ? { ...probe, durationSeconds: film } : probe;
}

/** Whether only its packets can tell how long a film lasts. */
export const isLengthUnknown = (probe: Probe, longestSeconds: number): boolean =>
  (probe.durationSeconds ?? 0) > longestSeconds &&
  probe.streams.some(isBeside) &&
  probe.streams.some((stream) => !isBeside(stream) && lengthOf(stream) === undefined);

const isBeside = ({ type, video }: Stream) =>
  (type !== 'video' && type !== 'audio') || video?.isAttachedPicture === true;

/** What the container says of a stream; Matroska does so in a tag. */
function lengthOf({ durationSeconds, tags }: Stream): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(tags.duration ?? '') ?? [];
  if (durationSeconds !== undefined || hours === undefined) return durationSeconds;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
