import { ServiceError } from '../errors.ts';
import { cutTrack } from './cut-track.ts';
import { type FileOrder, fileOrder } from './file-order.ts';
import { type SourceRange, writeFragmentHead } from './fragment-head.ts';
import { initSegment } from './init-segment.ts';
import { type LeftOut, readMovie, type SourceMovie, type SourceTrack } from './movie.ts';
import { movieBytes } from './movie-boxes.ts';
import { unfragmentable } from './refuse.ts';
import { shownSpan } from './shown-span.ts';
import { trackReferences } from './track-references.ts';

/** A part of the fragmented file: bytes that are written for it, or a range of the source. */
type FragmentPiece = { readonly bytes: Buffer } | SourceRange;

/** A fragmented MP4 of which every byte is known before a byte of media is read. It keeps the movie box and 128 bytes a fragment. */
export type FragmentPlan = {
  /** The size of the file. */
  readonly bytes: number;
  /** The size of the part that players need before any fragment, and of the index behind it. */
  readonly initBytes: number;
  readonly indexBytes: number;
  readonly fragments: number;
  readonly seconds: number;
  readonly hasPicture: boolean;
  readonly leftOut: readonly LeftOut[];
  /** Bytes of memory that the plan holds. */
  readonly memoryBytes: number;
  /** Returns the pieces of the bytes [start, end), which lie in the file, in order. */
  piecesOf(start: number, end: number): Iterable<FragmentPiece>;
  /** Returns where the last fragment begins at or before a byte; 0 before the first one. */
  borderBefore(byte: number): number;
};

type FragmentWish = {
  /** Sizes of the source in bytes. */
  readonly fileBytes: number;
  /** The tracks to keep, by number; empty for the enabled pictures and sounds. */
  readonly tracks: readonly number[];
};

/** The plan, or why a file cannot be served in fragments. */
type FragmentsPlanned = { readonly plan: FragmentPlan } | { readonly reason: string };

/** Plans the fragmented form of a progressive MP4 by its movie box (`moov`, header included). */
export function planFragments(moov: Buffer, wish: FragmentWish): FragmentsPlanned {
  try {
    return { plan: planOf(readMovie(movieBytes(moov), wish.tracks), wish) };
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'bad-input') return { reason: error.message };
    throw error;
  }
}

const HALF_A_SECOND = 0.5;
/** Films of more than five hours and a half get longer fragments, because an index counts 65,535. */
const MOST_FRAGMENTS_WANTED = 40_000;

type PlannedTrack = {
  readonly source: SourceTrack;
  readonly id: number;
  readonly timescale: number;
  readonly ledger: ReturnType<typeof cutTrack>['ledger'];
  /** What is added to the track's times to get the film's; the negative part stands in the header's edit list. */
  readonly offsetTicks: number;
};

function planOf(source: SourceMovie, { fileBytes }: FragmentWish): FragmentPlan {
  const tracks = plannedTracks(source, fileBytes);
  const seconds = Math.max(...tracks.map(endSeconds));
  const header = tracks.map((track) => ({ source: track.source, skippedTicks: Math.max(0, -track.offsetTicks) }));
  const init = initSegment(source, header, seconds);
  const order = fileOrder(tracks);
  const index = trackReferences(tracks, order, seconds);
  const front = Buffer.concat([init, index]);
  return {
    bytes: front.length + order.start(order.count),
    initBytes: init.length,
    indexBytes: index.length,
    fragments: order.count,
    seconds,
    hasPicture: tracks.some(({ source: { kind } }) => kind === 'picture'),
    leftOut: source.leftOut,
    memoryBytes: source.movie.bytes.length + front.length + 144 * order.count,
    piecesOf: (start, end) => pieces({ tracks, order, front }, start, end),
    borderBefore: (byte) => {
      const position = order.positionAt(byte - front.length);
      return position < 0 ? 0 : front.length + order.start(position);
    },
  };
}

/** Returns the tracks, sounds first, each cut into fragments and placed on the film's clock. */
function plannedTracks({ tracks, timescale: movieScale }: SourceMovie, fileBytes: number): readonly PlannedTrack[] {
  const spans = tracks.map((source) => ({ source, span: shownSpan(source, movieScale) }));
  const aheadSeconds = Math.max(...spans.map(({ source, span }) => span.ahead / source.timescale));
  const sorted = spans.toSorted((a, b) => Number(a.source.kind === 'picture') - Number(b.source.kind === 'picture'));
  let dataBytes = 0;
  return sorted.map(({ source, span }) => {
    const { id, timescale, tables } = source;
    const fragmentSeconds = Math.max(HALF_A_SECOND, lengthSeconds(source) / MOST_FRAGMENTS_WANTED);
    const cut = cutTrack(tables, span, { ticks: fragmentSeconds * timescale, fileBytes });
    dataBytes += cut.dataBytes;
    if (dataBytes > fileBytes) throw unfragmentable('its tables name more bytes than the file has');
    return {
      source,
      id,
      timescale,
      ledger: cut.ledger,
      offsetTicks: Math.round(aheadSeconds * timescale) - span.skipped,
    };
  });
}

function lengthSeconds({ tables: { view, times }, timescale }: SourceTrack): number {
  let ticks = 0;
  for (let i = 0; i < times.entries; i += 1)
    ticks += view.getUint32(times.at + 8 * i) * view.getUint32(times.at + 8 * i + 4);
  return ticks / timescale;
}

const endSeconds = ({ ledger, offsetTicks, timescale, source: { edits } }: PlannedTrack) =>
  (Math.min(ledger.fragment(ledger.count - 1).shownTo, edits.to) + offsetTicks) / timescale;

type FileLayout = { readonly tracks: readonly PlannedTrack[]; readonly order: FileOrder; readonly front: Buffer };

function* pieces({ tracks, order, front }: FileLayout, start: number, end: number): Generator<FragmentPiece> {
  if (start < front.length && start < end) yield { bytes: front.subarray(start, Math.min(end, front.length)) };
  for (let position = Math.max(0, order.positionAt(start - front.length)); position < order.count; position += 1) {
    const at = front.length + order.start(position);
    if (at >= end) return;
    const track = tracks[order.track(position)];
    if (track) yield* within(fragmentPieces(track, order.fragment(position), position + 1), at, { start, end });
  }
}

function* fragmentPieces(track: PlannedTrack, number: number, sequence: number): Generator<FragmentPiece> {
  const { ledger, source, id, offsetTicks } = track;
  const fragment = ledger.fragment(number);
  const place = { track: id, laterTicks: Math.max(0, offsetTicks), sequence };
  const { head, ranges } = writeFragmentHead(source.tables, ledger.cursor(number), fragment, place);
  yield { bytes: head };
  yield* ranges;
}

/** Yields what of the pieces, the first of which lies at byte `at`, lies in [start, end). */
function* within(all: Iterable<FragmentPiece>, at: number, { start, end }: SourceRange): Generator<FragmentPiece> {
  let position = at;
  for (const piece of all) {
    const length = 'bytes' in piece ? piece.bytes.length : piece.end - piece.start;
    const [from, to] = [Math.max(0, start - position), Math.min(length, end - position)];
    if (from < to)
      yield 'bytes' in piece
        ? { bytes: piece.bytes.subarray(from, to) }
        : { start: piece.start + from, end: piece.start + to };
    position += length;
    if (position >= end) return;
  }
}
