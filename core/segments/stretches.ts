import { type FilePart, mergedRanges, rangesWithout } from '../bytes/byte-ranges.ts';
import type { PacketPlaces } from '../film/file-map.ts';
import { type FrameIndex, hashesOf, KEY } from '../film/frame-index.ts';
import type { SegmentRange } from './segments.ts';
import type { MappedFilm } from './source-parts.ts';

/** A stretch begins so many keyframes before what is needed: the first may lack what its pictures refer to. */
const KEYFRAMES_BEFORE = 2;
/** So many packets lie between a picture's place in the order of showing and in that of decoding, at most. */
const REORDERED = 16;
/** Pictures that wait to be reordered, and packets whose end is only seen by the next. */
const BEHIND = 2 * REORDERED;
/** A decoder with many threads complains so many frames early or late, at most. */
const AROUND_AN_ERROR = 64;

type SequentialFilm = {
  readonly bytes: number;
  /** The picture's packets as the demuxer gives them, and where they lie. */
  readonly packets: Pick<FrameIndex, 'flags' | 'count'>;
  readonly places: PacketPlaces;
  /** How many frames the file decodes to. */
  readonly frames: number;
  /** How many bytes lie before the data of a packet that belong to it. */
  readonly headBytes: number;
};

/**
 * Returns for each frame of a film that can only be read from its start the bytes that it is decoded from, with all that it
 * refers to. The packets do not tell which frames they become, so that their order counts: a frame is as far among the frames
 * as its packet among the packets. That is a guess; whoever uses a stretch compares its frames with those of the film.
 */
export function stretchesOfFrames(film: SequentialFilm): Pick<PacketPlaces, 'positions' | 'sizes'> {
  const { bytes, packets, places, frames, headBytes } = film;
  const [positions, sizes] = [new Float64Array(frames), new Float64Array(frames)];
  const each = packets.count / Math.max(1, frames); // fields may be packets of their own
  const at = (packet: number) => (places.positions[packet] ?? Number.NaN) - headBytes;
  const keys: number[] = [];
  let next = 0;
  for (let frame = 0; frame < frames; frame++) {
    const packet = Math.round(frame * each);
    for (; next <= packet - REORDERED * each; next++)
      if ((packets.flags[next] ?? 0) & KEY && at(next) >= 0) keys.push(next);
    let behind = Math.round(packet + BEHIND * each);
    while (behind < packets.count && !(at(behind) >= 0)) behind++;
    const entry = keys.at(-KEYFRAMES_BEFORE);
    const start = entry === undefined ? 0 : at(entry);
    positions[frame] = start;
    sizes[frame] = (behind < packets.count ? Math.max(start, at(behind)) : bytes) - start;
  }
  return { positions, sizes };
}

/** Returns the parts of a film's file that make a file which decodes to these frames: its header, and the stretch with them. */
export function stretchOf({ map, places, bytes }: MappedFilm, { start, end }: SegmentRange): readonly FilePart[] {
  let [first, last] = [bytes, 0];
  for (let frame = start; frame < end; frame++) {
    const at = places.positions[frame] ?? 0;
    first = Math.min(first, at);
    last = Math.max(last, at + (places.sizes[frame] ?? 0));
  }
  const { junk = [] } = map;
  const ranges = mergedRanges([...map.index, { start: first, end: last }], bytes, 0);
  const others: readonly FilePart[] = junk.map((range) => ({ ...range, instead: JUNK }));
  return [...rangesWithout(ranges, junk), ...others].sort((a, b) => a.start - b.start);
}

/** What readers of AVI skip. */
const JUNK = new TextEncoder().encode('JUNK');

/**
 * Returns the number of the film's frame with which the frames `found` of a stretch begin; undefined unless all wanted frames
 * are among them, each with its hash and as long after the first as in the film. At the film's end nothing may follow.
 */
export function firstFrameOf(found: FrameIndex, film: FrameIndex, wanted: SegmentRange): number | undefined {
  const frames = wanted.end - wanted.start;
  const isSameClock = found.timeBase.num === film.timeBase.num && found.timeBase.den === film.timeBase.den;
  if (!isSameClock || frames <= 0) return undefined;
  for (let at = 0; at <= Math.min(wanted.start, found.count - frames); at++) {
    if (wanted.end === film.count && at + frames !== found.count) continue;
    if (areFrames({ found, at }, film, wanted)) return wanted.start - at;
  }
  return undefined;
}

function areFrames(
  { found, at }: { readonly found: FrameIndex; readonly at: number },
  film: FrameIndex,
  { start, end }: SegmentRange,
): boolean {
  const later = (found.pts[at] ?? 0) - (film.pts[start] ?? 0);
  for (let i = 0; i < end - start; i++) {
    if ((found.pts[at + i] ?? 0) - (film.pts[start + i] ?? 0) !== later) return false;
  }
  return areEqual(hashesOf(found, at, at + end - start), hashesOf(film, start, end));
}

const areEqual = (one: Uint8Array, other: Uint8Array) => one.every((byte, i) => byte === other[i]);

/** Whether nothing was wrong near these frames. What was is told with the pieces of one decode from the film's start. */
export const isSoundStretch = ({ start, end }: SegmentRange, errorsAt: readonly number[]): boolean =>
  errorsAt.every((frame) => frame < start - AROUND_AN_ERROR || frame > end + AROUND_AN_ERROR);
