import { RAW_FORMATS } from '../../core/film/raw-formats.ts';
import type { FramePool, RawFrame } from '../nut/frames.ts';
import { frameBatches, type FrameBatch, temporalBatches } from './runs.ts';
import { sparseLuma, shotBeginnings } from './shots.ts';
import type { Upscaler } from './upscaler.ts';
import { planesOf } from './windows.ts';

/** One is computed while the next is cut into windows and the last one leaves. */
const BATCHES_AT_ONCE = 2;

/**
 * Frames enlarged, each once, in order, at its own time. Two runs are under way; no more frames are pulled than they take,
 * and none is kept. Memory comes from the pool, which gets the source's back: give enlarged frames back to it, too, once
 * they are gone.
 */
export async function* enlargeFrames(
  upscaler: Upscaler,
  frames: AsyncIterable<RawFrame>,
  pool: FramePool,
): AsyncGenerator<RawFrame, void, undefined> {
  const underWay: Promise<EnlargedBatch>[] = [];
  const enlarged = async (run: FrameBatch<RawFrame>): Promise<EnlargedBatch> => {
    const wanted = run.seen.map((_, i) => i >= run.from && i < run.to);
    const into = wanted.map((is) => (is ? pool.allocate(upscaler.frameBytes) : undefined));
    await upscaler.enlarge(
      run.seen.map(({ data }) => data),
      into,
    );
    const results = run.seen.flatMap(({ pts }, i) => {
      const data = into[i];
      return data ? [{ pts, data }] : [];
    });
    return { results, gone: run.gone };
  };
  const left = async function* (first: Promise<EnlargedBatch>) {
    const { results, gone } = await first; // earlier ones have ended, so that nobody sees what is gone
    for (const { data } of gone) pool.release(data);
    yield* results;
  };
  for await (const run of batchesFor(upscaler, frames)) {
    const next = enlarged(run);
    next.catch(() => {}); // it throws when its turn comes, not before
    underWay.push(next);
    const first = underWay.length < BATCHES_AT_ONCE ? undefined : underWay.shift();
    if (first) yield* left(first);
  }
  for (const rest of underWay) yield* left(rest);
}

type EnlargedBatch = { readonly results: readonly RawFrame[]; readonly gone: readonly RawFrame[] };

function batchesFor(upscaler: Upscaler, frames: AsyncIterable<RawFrame>): AsyncIterable<FrameBatch<RawFrame>> {
  const { takes, shape } = upscaler;
  if (!takes.temporal) return frameBatches(frames, () => upscaler.takes.pictures);
  const begins = shotBeginnings();
  return temporalBatches(frames, takes.temporal, ({ data }) => {
    const [luma] = planesOf(data, shape);
    return luma !== undefined && begins(sparseLuma(luma, RAW_FORMATS[shape.pixelFormat].depth));
  });
}
