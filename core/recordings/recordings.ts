/** The packets of one stream between two jumps of its clock. Times are in seconds of the file's own clock, without corrections. */
export type StreamPart = {
  /** The place of its first packet in the file, and that of its last one; undefined where the demuxer does not tell. */
  readonly firstByte: number | undefined;
  readonly lastByte: number | undefined;
  readonly firstDts: number;
  readonly endDts: number;
  readonly firstPts: number;
  readonly endPts: number;
  /** Whether the clock went back before it; else it went far ahead, which may be a pause, or it is the first part. */
  readonly isBack: boolean;
};

/**
 * A correction that holds from `fromByte` on: `ticks` of 90 kHz are added to every time, so that the recording there begins at
 * `beginsSeconds`.
 */
export type ClockMove = { readonly fromByte: number; readonly ticks: number; readonly beginsSeconds: number };

/** Transport and program streams count 90,000 ticks a second (ISO/IEC 13818-1 2.4.3.7). */
export const TICKS_A_SECOND = 90_000;
/** A file with more jumps than this is broken, and is read as it lies. */
const MOST_JUMPS = 10_000;
/** Sound and picture of one recording begin within so many seconds of each other. */
const BEGIN_TOGETHER_SECONDS = 10;

type RecordedPart = StreamPart & { readonly stream: number };

/**
 * Returns how the times of joined recordings are moved onto one clock: each recording as a whole, so that its sound, its picture and
 * its texts stay in step, to where the longest stream of the one before it ends. `parts` has the parts of each sound and picture, by
 * stream. A clock that goes ahead while another stream goes on is that of a pause, and no recording begins there. Returns undefined where it
 * is not clear at which byte a recording begins, and where there is but one.
 */
export function movesOntoOneClock(parts: ReadonlyMap<number, readonly StreamPart[]>): readonly ClockMove[] | undefined {
  const streams = [...parts].map(([stream, all]) => all.map((part): RecordedPart => ({ ...part, stream })));
  const begun = streams.flatMap((all) => all.slice(1));
  if (begun.length === 0 || begun.length > MOST_JUMPS) return undefined;
  if (begun.some(({ firstByte }) => firstByte === undefined)) return undefined;
  const borders = bordersOf(begun).filter((border) => !isPause(border, streams));
  if (borders.length === 0) return undefined;
  const recordings = recordingsOf(streams, borders.map(firstByteOf));
  return recordings && movesOf(recordings, borders.map(firstByteOf));
}

function movesOf(recordings: readonly (readonly RecordedPart[])[], borders: readonly number[]): readonly ClockMove[] {
  const moves: ClockMove[] = [];
  const ends = new Map<number, number>();
  let endPts = Number.NEGATIVE_INFINITY;
  recordings.forEach((recording, i) => {
    const begin = Math.min(...recording.map(({ firstPts }) => firstPts));
    const firsts = recording.filter(({ stream }, at) => recording.findIndex((each) => each.stream === stream) === at);
    const later = firsts.map(({ stream, firstDts }) => (ends.get(stream) ?? Number.NEGATIVE_INFINITY) - firstDts);
    const ticks = i === 0 ? 0 : Math.ceil(Math.max(endPts - begin, ...later) * TICKS_A_SECOND);
    const seconds = ticks / TICKS_A_SECOND;
    if (i > 0) moves.push({ fromByte: borders[i - 1] ?? 0, ticks, beginsSeconds: begin + seconds });
    for (const part of recording) {
      ends.set(part.stream, part.endDts + seconds);
      endPts = Math.max(endPts, part.endPts + seconds);
    }
  });
  return moves;
}

/** The parts with which a recording begins, in the order of the file. */
type Border = readonly RecordedPart[];

const firstByteOf = (border: Border): number => border[0]?.firstByte ?? 0;

/** Groups the jumps of different streams to nearby times: at each group a recording may begin. */
function bordersOf(begun: readonly RecordedPart[]): readonly Border[] {
  const borders: RecordedPart[][] = [];
  for (const each of [...begun].sort((one, other) => (one.firstByte ?? 0) - (other.firstByte ?? 0))) {
    const border = borders.at(-1);
    const first = border?.[0];
    const isSame =
      first !== undefined &&
      border?.every(({ stream }) => stream !== each.stream) === true &&
      Math.abs(first.firstDts - each.firstDts) < BEGIN_TOGETHER_SECONDS;
    if (isSame) border?.push(each);
    else borders.push([each]);
  }
  return borders;
}

/** Whether a jump ahead is a pause: another stream has packets on both sides of it. */
function isPause(border: Border, streams: readonly (readonly RecordedPart[])[]): boolean {
  const at = firstByteOf(border);
  const goesOn = ({ firstByte = 0, lastByte = 0 }: StreamPart) => firstByte < at && lastByte >= at;
  return border.every(({ isBack }) => !isBack) && streams.some((all) => all.some(goesOn));
}

/** The parts of each recording; undefined where a part lies on both sides of a border. */
function recordingsOf(
  streams: readonly (readonly RecordedPart[])[],
  borders: readonly number[],
): readonly (readonly RecordedPart[])[] | undefined {
  const recordings: RecordedPart[][] = [[], ...borders.map(() => [])];
  for (const all of streams) {
    let at = 0;
    for (const part of all) {
      const { firstByte = Number.NaN, lastByte = Number.NaN } = part;
      while ((borders[at] ?? Number.POSITIVE_INFINITY) <= firstByte) at++;
      if (!(lastByte < (borders[at] ?? Number.POSITIVE_INFINITY))) return undefined;
      recordings[at]?.push(part);
    }
  }
  return recordings.every((recording) => recording.length > 0) ? recordings : undefined;
}
