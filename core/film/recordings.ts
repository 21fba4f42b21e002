/** The packets of one stream between two jumps of its clock. Times are seconds by the clock of the file, as it stands there. */
export type StreamPart = {
  /** The place of its first packet in the file, and that of its last one; undefined where the demuxer does not tell. */
  readonly firstByte: number | undefined;
  readonly lastByte: number | undefined;
  readonly firstDts: number;
  readonly endDts: number;
  readonly firstPts: number;
  readonly endPts: number;
};

/** From this byte on, what is added to every time in a file, in ticks of 90 kHz. */
export type ClockMove = { readonly fromByte: number; readonly ticks: number };

/** Transport and program streams count 90,000 ticks a second (ISO/IEC 13818-1 2.4.3.7). */
const TICKS_A_SECOND = 90_000;
/** A file that holds more recordings than this was not joined by anybody. */
const MOST_RECORDINGS = 10_000;
/** Sound and picture of one recording begin within so many seconds of each other. */
const BEGIN_TOGETHER_SECONDS = 10;

type RecordedPart = StreamPart & { readonly stream: number };

/**
 * Returns how the times of joined recordings are moved onto one clock: each recording as a whole, so that its sound, its picture and
 * its texts stay in step, to where the longest stream of the one before it ends. `parts` has the parts of each sound and picture, by
 * stream. Returns undefined where it is not clear at which byte a recording begins, and where there is but one.
 */
export function movesOntoOneClock(parts: ReadonlyMap<number, readonly StreamPart[]>): readonly ClockMove[] | undefined {
  const begun = [...parts].flatMap(([stream, all]) => all.slice(1).map((part): RecordedPart => ({ ...part, stream })));
  if (begun.length === 0 || begun.some(({ firstByte }) => firstByte === undefined)) return undefined;
  const borders = bordersOf(begun);
  if (borders.length > MOST_RECORDINGS) return undefined;
  const recordings = recordingsOf(parts, borders);
  if (!recordings) return undefined;
  const moves: ClockMove[] = [];
  const ends = new Map<number, number>();
  let endPts = Number.NEGATIVE_INFINITY;
  recordings.forEach((recording, i) => {
    const begin = Math.min(...recording.map(({ firstPts }) => firstPts));
    const later = recording.map(({ stream, firstDts }) => (ends.get(stream) ?? Number.NEGATIVE_INFINITY) - firstDts);
    const ticks = i === 0 ? 0 : Math.ceil(Math.max(endPts - begin, ...later) * TICKS_A_SECOND);
    if (i > 0) moves.push({ fromByte: borders[i - 1] ?? 0, ticks });
    const seconds = ticks / TICKS_A_SECOND;
    for (const part of recording) {
      ends.set(part.stream, part.endDts + seconds);
      endPts = Math.max(endPts, part.endPts + seconds);
    }
  });
  return moves;
}

/** The bytes at which recordings begin: there the clocks of their streams jump one after the other, to times near each other. */
function bordersOf(begun: readonly RecordedPart[]): readonly number[] {
  const borders: number[] = [];
  let together = new Map<number, RecordedPart>();
  for (const each of [...begun].sort((one, other) => (one.firstByte ?? 0) - (other.firstByte ?? 0))) {
    const [first] = together.values();
    const isSame =
      first !== undefined &&
      !together.has(each.stream) &&
      Math.abs(first.firstDts - each.firstDts) < BEGIN_TOGETHER_SECONDS;
    if (!isSame) {
      together = new Map();
      borders.push(each.firstByte ?? 0);
    }
    together.set(each.stream, each);
  }
  return borders;
}

/** The parts of each recording; undefined where a part lies on both sides of a border. */
function recordingsOf(
  parts: ReadonlyMap<number, readonly StreamPart[]>,
  borders: readonly number[],
): readonly (readonly RecordedPart[])[] | undefined {
  const recordings: RecordedPart[][] = [[], ...borders.map(() => [])];
  for (const [stream, all] of parts) {
    let at = 0;
    for (const part of all) {
      const { firstByte = Number.NaN, lastByte = Number.NaN } = part;
      while ((borders[at] ?? Number.POSITIVE_INFINITY) <= firstByte) at++;
      if (!(lastByte < (borders[at] ?? Number.POSITIVE_INFINITY))) return undefined;
      recordings[at]?.push({ ...part, stream });
    }
  }
  return recordings.every((recording) => recording.length > 0) ? recordings : undefined;
}
