import { createHash } from 'node:crypto';
import { type InterlacedPart, partsWithin } from '../fields/film-fields.ts';
import { type FrameIndex, HASH_BYTES, hashesOf, KEY, presentationTimes } from '../film/frame-index.ts';
import type { ShapedPart } from '../film/probe.ts';
import { contentBorders, type SegmentLength } from './borders.ts';
import { type KeyframeDistance, keyframesByTime } from './keyframes.ts';
import type { Among, Fields } from './reach.ts';
import { frameOf } from './reach.ts';

/** Frames [start, end) of a source, in presentation order, and the content key of the piece that is made from them. */
export type Segment = {
  readonly start: number;
  readonly end: number;
  readonly key: string;
  /** Its keyframes, counted from its first frame, where they are not simply every so many frames. */
  readonly keyframes?: readonly number[];
};

/** Frames [start, end) of a segment whose content key is not known yet. */
export type SegmentRange = { readonly start: number; readonly end: number };

/** The segments into which one source is cut. */
export type SourceCut = {
  readonly times: Float64Array;
  readonly ranges: readonly SegmentRange[];
  /** seek: each segment is decoded by itself. feed: one decode from the start feeds all segments in order. */
  readonly access: 'seek' | 'feed';
  /** All frames of the source, where only every second one is taken. */
  readonly among?: Among;
  /** The frames of the source, where each becomes two pictures. */
  readonly fields?: Fields;
  /** Set where filters must know at which frame a decode begins, though they make one picture of each. */
  readonly isCounted?: true;
};

/**
 * Cuts a source at borders that its content determines. Returns undefined where its packets have no keyframe in time
 * (see contentBorders), or there is no frame.
 */
export function cutSource(index: FrameIndex, length: SegmentLength): SourceCut | undefined {
  const times = presentationTimes(index);
  const borders = contentBorders(index, times, length);
  if (!borders || times.length === 0) return undefined;
  const ranges = borders.map((start, i) => ({ start, end: borders[i + 1] ?? times.length }));
  return { times, ranges, access: index.from === 'packets' ? 'seek' : 'feed' };
}

export type KeyContext = {
  /** Everything besides the pictures that affects the encoder's bytes; it is hashed as JSON. */
  readonly spec: unknown;
  /** Whether each frame decodes by itself, as with an intra-only codec or an index of decoded frames. */
  readonly independent: boolean;
  /** The number of frames on either side that filters look at. */
  readonly margin: number;
  /** The number of frames on either side that a network looks at. */
  readonly context: number;
  /** How far apart keyframes have to be; undefined where the encoder places them. */
  readonly keyframes?: KeyframeDistance | undefined;
  /** The interlaced parts of a film that has others too, in frames of the source. */
  readonly parts?: readonly InterlacedPart[] | undefined;
  /** The parts of a film of which the shape of pixels changes midway, in frames of the source. */
  readonly shaped?: readonly ShapedPart[] | undefined;
};

/**
 * The segments with their content keys: hashes of the input packets, the spec and the tools. Input packets are those
 * from the keyframe before the one at which the segment begins (decoding starts there, because frames of a stream that
 * only claims random access may refer to it) through the last packet that the segment's last frame needs. Their times
 * count from the segment's start.
 */
export function contentKeys(index: FrameIndex, cut: SourceCut, context: KeyContext): readonly Segment[] {
  const header = JSON.stringify({ spec: context.spec, timeBase: index.timeBase, from: index.from });
  const clock = { times: cut.times, tickSeconds: index.timeBase.num / index.timeBase.den };
  const packets = segmentPackets(index, cut, context);
  return cut.ranges.map(({ start, end }, segment) => {
    const origin = cut.times[start] ?? 0;
    const { first, end: behind } = packets[segment] ?? { first: 0, end: 0 };
    const hash = createHash('sha256')
      .update(header)
      .update(`${end - start}`);
    const keyframes = context.keyframes && keyframesByTime({ start, end }, clock, context.keyframes);
    if (keyframes) hash.update(`keyframes ${keyframes.join()}`);
    const around = framesAround({ start, end }, cut, context);
    if (context.parts) hash.update(`fields ${JSON.stringify(partsWithin(context.parts, around))}`);
    if (context.shaped) hash.update(`shapes ${JSON.stringify(partsWithin(context.shaped, around))}`);
    const row = Buffer.alloc(9 + HASH_BYTES);
    const hashes = hashesOf(index, first, behind);
    for (let i = first; i < behind; i++) {
      row.writeDoubleLE((index.pts[i] ?? 0) - origin, 0);
      row.writeUInt8(index.flags[i] ?? 0, 8);
      for (let byte = 0; byte < HASH_BYTES; byte++) row[9 + byte] = hashes[(i - first) * HASH_BYTES + byte] ?? 0;
      hash.update(row);
    }
    return { start, end, key: hash.digest('hex'), ...(keyframes && { keyframes }) };
  });
}

/** Packets [first, end) of a frame index. */
export type PacketRange = { readonly first: number; readonly end: number };

/** Returns the input packets of each segment, as contentKeys hashes them. */
export function segmentPackets(
  index: FrameIndex,
  cut: SourceCut,
  context: Pick<KeyContext, 'independent' | 'margin' | 'context'>,
): readonly PacketRange[] {
  let shownAt = 0;
  return cut.ranges.map(({ start, end }) => {
    const last = cut.times[Math.min(end - 1 + context.context + context.margin, cut.times.length - 1)] ?? 0;
    shownAt = packetOf(index, frameTime(cut, Math.max(0, start - context.context)), shownAt);
    return { first: entryPacket(index, shownAt, context), end: endOfNeed(index, shownAt, last) };
  });
}

/** The frames of the source that a segment's filters may see. */
export function framesAround(
  { start, end }: SegmentRange,
  cut: SourceCut,
  { margin, context }: Pick<KeyContext, 'margin' | 'context'>,
): SegmentRange {
  const around = margin + context + 1;
  return { start: frameOf(Math.max(0, start - around), cut), end: frameOf(end + around, cut) + 1 };
}

/** The time of the source's frame that a picture is made of. */
const frameTime = (cut: SourceCut, number: number): number =>
  (cut.fields ? cut.fields.times[frameOf(number, cut)] : cut.times[number]) ?? 0;

/** The packet of the picture at `time`, searched near or after the packet `near` of an earlier picture. */
function packetOf(index: FrameIndex, time: number, near: number): number {
  return index.pts.indexOf(time, Math.max(0, near - REORDERED));
}

/** The packet at which decoding for the frame in packet `shownAt` starts. */
function entryPacket(
  index: FrameIndex,
  shownAt: number,
  { independent, margin }: Pick<KeyContext, 'independent' | 'margin'>,
): number {
  let packet = shownAt;
  if (independent) return Math.max(0, packet - margin);
  for (let keyframes = 0; packet > 0; packet--) {
    if ((index.flags[packet] ?? 0) & KEY) keyframes++;
    if (keyframes === 2) break;
  }
  return Math.max(0, packet);
}

/** The most packets by which a picture may be reordered; H.264 and HEVC reorder by 16 at most. */
const REORDERED = 64;

/** The index after the last packet, in decode order, of a picture that is shown at `last` or before. */
function endOfNeed({ pts, count }: FrameIndex, from: number, last: number): number {
  let end = from;
  for (let i = from; i < count && i - end < REORDERED; i++) if ((pts[i] ?? 0) <= last) end = i + 1;
  return end;
}
