import { RAW_FORMATS } from '../../core/film/raw-formats.ts';
import type { FramePool, RawFrame } from '../nut/frames.ts';
import { type FrameBatch, frameBatches, temporalBatches } from './runs.ts';
import { shotBeginnings, sparseLuma } from './shots.ts';
import type { Upscaler } from './upscaler.ts';
import { planesOf } from './windows.ts';

/** One batch is computed while the next one is cut into windows and the last one is handed on. */
const BATCHES_AT_ONCE = 2;

/**
 * The enlarged frames, each once, in order, with its own PTS. Two batches are in progress, and no more frames are read
 * than they hold. Source frames are released to the pool, from which the memory of enlarged frames comes: release
 * those, too, after use.
 */
export async function* enlargeFrames(
  upscaler: Upscaler,
  frames: AsyncIterable<RawFrame>,
  pool: FramePool,
): AsyncGenerator<RawFrame, void, undefined> {
  const inProgress: Promise<EnlargedBatch>[] = [];
  const enlarged = async (batch: FrameBatch<RawFrame>): Promise<EnlargedBatch> => {
    const isWanted = batch.seen.map((_, i) => i >= batch.from && i < batch.to);
    const into = isWanted.map((wanted) => (wanted ? pool.allocate(upscaler.frameBytes) : undefined));
    await upscaler.enlarge(
      batch.seen.map(({ data }) => data),
      into,
    );
    const results = batch.seen.flatMap(({ pts }, i) => {
      const data = into[i];
      return data ? [{ pts, data }] : [];
    });
    return { results, finished: batch.finished };
  };
  const left = async function* (first: Promise<EnlargedBatch>) {
    const { results, finished } = await first; // earlier batches have ended, so that no batch reads these frames any more
    for (const { data } of finished) pool.release(data);
    yield* results;
  };
  for await (const batch of batchesFor(upscaler, frames)) {
    const next = enlarged(batch);
    next.catch(() => {}); // a rejection is handled when the batch is awaited
    inProgress.push(next);
    const first = inProgress.length < BATCHES_AT_ONCE ? undefined : inProgress.shift();
    if (first) yield* left(first);
  }
  for (const rest of inProgress) yield* left(rest);
}

type EnlargedBatch = { readonly results: readonly RawFrame[]; readonly finished: readonly RawFrame[] };

function batchesFor(upscaler: Upscaler, frames: AsyncIterable<RawFrame>): AsyncIterable<FrameBatch<RawFrame>> {
  const { takes, shape } = upscaler;
  if (!takes.temporal) return frameBatches(frames, () => upscaler.takes.pictures);
  const begins = shotBeginnings();
  return temporalBatches(frames, takes.temporal, ({ data }) => {
    const [luma] = planesOf(data, shape);
    return luma !== undefined && begins(sparseLuma(luma, RAW_FORMATS[shape.pixelFormat].depth));
  });
}
