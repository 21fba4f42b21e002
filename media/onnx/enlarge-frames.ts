import type { FramePool, RawFrame } from '../frames.ts';
import type { Upscaler } from './upscaler.ts';

/** One is computed while the next is cut into windows and the last one leaves. */
const FRAMES_AT_ONCE = 2;

/**
 * Frames enlarged, each once, in order, at its own time. Two are under way; no more are pulled, and none is kept.
 * Memory comes from the pool, which gets the source's back: give enlarged frames back to it, too, once they are gone.
 */
export async function* enlargeFrames(
  upscaler: Upscaler,
  frames: AsyncIterable<RawFrame>,
  pool: FramePool,
): AsyncGenerator<RawFrame, void, undefined> {
  const underWay: Promise<RawFrame>[] = [];
  const enlarged = async ({ pts, data }: RawFrame): Promise<RawFrame> => {
    const into = pool.allocate(upscaler.frameBytes);
    await upscaler.enlarge(data, into);
    pool.release(data);
    return { pts, data: into };
  };
  for await (const frame of frames) {
    const next = enlarged(frame);
    next.catch(() => {}); // it throws when its turn comes, not before
    underWay.push(next);
    const first = underWay.length < FRAMES_AT_ONCE ? undefined : underWay.shift();
    if (first) yield await first;
  }
  for (const rest of underWay) yield await rest;
}
