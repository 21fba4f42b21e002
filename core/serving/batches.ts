import type { SentRange } from './range-header.ts';

/** A part of an answer: bytes that are at hand, or a range of the stored object. */
export type AnswerPiece = { readonly bytes: Uint8Array } | SentRange;

/** Pieces that are sent together, and the ranges of the object that hold them. */
export type AnswerBatch = { readonly pieces: readonly AnswerPiece[]; readonly reads: readonly SentRange[] };

/** The first batch is small, so that the first byte comes soon; each further one is twice as large up to the largest. */
const FIRST_BYTES = 64 * 1024;
const LARGEST_BYTES = 2 * 1024 * 1024;

/**
 * Groups pieces into batches. Ranges that are at most `gapBytes` apart are read together: with a store across a network a
 * request costs more than the bytes between two chunks of a track.
 */
export function* batchesOf(pieces: Iterable<AnswerPiece>, gapBytes: number): Generator<AnswerBatch> {
  let room = FIRST_BYTES;
  let batch: AnswerPiece[] = [];
  let cost = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const whole of pieces) {
    for (let rest: AnswerPiece | undefined = whole; rest; ) {
      const gap = 'bytes' in rest ? 0 : rest.start - lastEnd;
      if (gap > 0 && gap <= gapBytes) cost += gap;
      const [now, later] = cut(rest, Math.max(1, room - cost));
      batch.push(now);
      cost += lengthOf(now);
      if ('start' in now) lastEnd = now.end;
      rest = later;
      if (cost < room) continue;
      yield { pieces: batch, reads: readsOf(batch, gapBytes) };
      batch = [];
      cost = 0;
      room = Math.min(LARGEST_BYTES, 2 * room);
    }
  }
  if (batch.length > 0) yield { pieces: batch, reads: readsOf(batch, gapBytes) };
}

const lengthOf = (piece: AnswerPiece) => ('bytes' in piece ? piece.bytes.length : piece.end - piece.start);

/** Divides a range of the object that is longer than `most`; bytes at hand stay whole. */
function cut(piece: AnswerPiece, most: number): readonly [AnswerPiece, AnswerPiece | undefined] {
  if ('bytes' in piece || piece.end - piece.start <= most) return [piece, undefined];
  const middle = piece.start + most;
  return [
    { start: piece.start, end: middle },
    { start: middle, end: piece.end },
  ];
}

function readsOf(pieces: readonly AnswerPiece[], gapBytes: number): readonly SentRange[] {
  const ranges = pieces.filter((piece) => 'start' in piece).toSorted((a, b) => a.start - b.start);
  const reads: { start: number; end: number }[] = [];
  for (const { start, end } of ranges) {
    const last = reads.at(-1);
    if (last && start <= last.end + gapBytes) last.end = Math.max(last.end, end);
    else reads.push({ start, end });
  }
  return reads;
}
