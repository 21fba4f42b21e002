import type { OpenObject } from '../../core/ports/media-objects.ts';
import { type AnswerBatch, type AnswerPiece, batchesOf } from '../../core/serving/batches.ts';

/**
 * Yields an answer's bytes in batches. The next batch is read while one is sent, so that at most two are in memory. Throws
 * where the object was changed, so that bytes of two versions are never mixed.
 */
export async function* answerBody(
  object: OpenObject,
  pieces: Iterable<AnswerPiece>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let reading: Promise<Uint8Array> | undefined;
  try {
    for (const batch of batchesOf(pieces, object.gapBytes)) {
      const before = reading;
      reading = bytesOf(object, batch, signal);
      reading.catch(() => {}); // it is awaited below, unless the reader goes away first
      if (before !== undefined) yield await before;
    }
    if (reading !== undefined) yield await reading;
  } finally {
    await reading?.catch(() => {});
  }
}

async function bytesOf(object: OpenObject, { pieces, reads }: AnswerBatch, signal: AbortSignal): Promise<Uint8Array> {
  const parts = await Promise.all(
    reads.map(async ({ start, end }) => ({ start, bytes: await object.read(start, end, signal) })),
  );
  const slices = pieces.map((piece) => {
    if ('bytes' in piece) return piece.bytes;
    const part = parts.find(({ start, bytes }) => start <= piece.start && piece.end <= start + bytes.length);
    if (!part) throw new Error(`bytes ${piece.start} to ${piece.end} were not read`);
    return part.bytes.subarray(piece.start - part.start, piece.end - part.start);
  });
  const [only, ...more] = slices;
  return only && more.length === 0 ? only : Buffer.concat(slices);
}
