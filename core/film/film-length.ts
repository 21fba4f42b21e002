import { isMatroska, type Probe, type Stream } from './probe.ts';

/**
 * Returns the probe with the film's length taken from its pictures and sounds, where the container's length is above
 * `longestSeconds` and other streams exist: a bitmap subtitle may have no end, and some containers then say 1,193 hours.
 * `ends` has the end of each stream whose packets were read, in seconds, by stream index. A Matroska that begins far behind 0 may
 * state when it ends instead of how long it lasts.
 */
export function withFilmLength(
  stated: Probe,
  longestSeconds: number,
  ends: ReadonlyMap<number, number | undefined> = new Map(),
): Probe {
  const probe = fromItsStart(withoutAbsurdLengths(stated), longestSeconds, ends);
  const { durationSeconds = 0, streams } = probe;
  if (durationSeconds <= longestSeconds || !streams.some(isBeside)) return probe;
  const lengths = streams.filter((stream) => !isBeside(stream)).map((each) => ends.get(each.index) ?? lengthOf(each));
  const known = lengths.filter((length) => length !== undefined);
  if (known.length < lengths.length || known.length === 0) return probe;
  const film = Math.max(...known);
  return film < durationSeconds ? { ...probe, durationSeconds: film } : probe;
}

/** Thirty years: an ASF that was never finished may state all bits of its length, or the highest. */
const ABSURD_SECONDS = 1e9;

/** Whether a stated length means that none is stated. */
export const isAbsurd = (seconds: number): boolean => seconds >= ABSURD_SECONDS;

/** Returns the probe of an ASF without lengths that mean nothing. */
function withoutAbsurdLengths(probe: Probe): Probe {
  if (probe.format !== 'asf') return probe;
  const real = (seconds: number | undefined) => (seconds !== undefined && isAbsurd(seconds) ? undefined : seconds);
  const streams = probe.streams.map((each) => ({ ...each, durationSeconds: real(each.durationSeconds) }));
  return { ...probe, streams, durationSeconds: real(probe.durationSeconds) };
}

/** Returns the probe of a Matroska that does not begin at 0 with its length counted from its first packet; its last packets prove it. */
function fromItsStart(probe: Probe, longestSeconds: number, ends: ReadonlyMap<number, number | undefined>): Probe {
  const { durationSeconds = 0, startSeconds, streams } = probe;
  if (!isMatroska(probe) || startSeconds <= 0) return probe;
  const last = Math.max(0, ...streams.filter((each) => !isBeside(each)).map(({ index }) => ends.get(index) ?? 0));
  if (last > longestSeconds) return { ...probe, durationSeconds: last };
  const isOfEnd = durationSeconds > longestSeconds && startSeconds < durationSeconds;
  return isOfEnd ? { ...probe, durationSeconds: durationSeconds - startSeconds } : probe;
}

/** Whether the film's length can only be found by reading its packets. */
export const isLengthUnknown = (probe: Probe, longestSeconds: number): boolean =>
  (probe.durationSeconds ?? 0) > longestSeconds &&
  probe.streams.some(isBeside) &&
  probe.streams.some((stream) => !isBeside(stream) && lengthOf(stream) === undefined);

/** Whether ffmpeg lets times go on where the clock of this container jumps (AVFMT_TS_DISCONT): the file's length is then not that of its clock. */
export const mayJump = ({ format }: Pick<Probe, 'format'>): boolean => /^(mpegts|mpeg|ogg)$/.test(format);

/** Whether the times of a file are the counts of 90 kHz of transport and program streams. */
export const hasClockOf90kHz = ({ format }: Pick<Probe, 'format'>): boolean => /^mpeg(ts)?$/.test(format);

/**
 * Returns the probe of a file whose clock jumps with the lengths that its film and its streams have by times that go on. `ends` has the
 * end of each stream by these times, in seconds from the file's start.
 */
export function withContinuousLengths(probe: Probe, ends: ReadonlyMap<number, number | undefined>): Probe {
  const lasting = probe.streams.filter((stream) => !isBeside(stream)).flatMap(({ index }) => ends.get(index) ?? []);
  const streams = probe.streams.map((stream) => ({ ...stream, durationSeconds: ends.get(stream.index) }));
  return lasting.length === 0 ? probe : { ...probe, streams, durationSeconds: Math.max(...lasting) };
}

const isBeside = ({ type, video }: Stream) =>
  (type !== 'video' && type !== 'audio') || video?.isAttachedPicture === true;

/** Returns a stream's length by its container; Matroska states it in the tag `DURATION`. */
function lengthOf({ durationSeconds, tags }: Stream): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(tags.duration ?? '') ?? [];
  if (durationSeconds !== undefined || hours === undefined) return durationSeconds;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
