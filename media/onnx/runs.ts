import type { TemporalWindow } from '../../core/upscale/models.ts';
import { inBatches } from '../nut/frames.ts';

/** A batch of frames for a network. */
export type FrameBatch<T> = {
  readonly seen: readonly T[];
  /** The results that count: those of frames [from, to) in `seen`. */
  readonly from: number;
  readonly to: number;
  /** Frames that no later batch sees, so that their memory is free after this one. */
  readonly finished: readonly T[];
};

/** Batches for a network that looks at single frames, `most()` frames at a time; the last batch may be smaller. */
export async function* frameBatches<T>(items: AsyncIterable<T>, most: () => number): AsyncGenerator<FrameBatch<T>> {
  for await (const seen of inBatches(items, most)) yield { seen, from: 0, to: seen.length, finished: seen };
}

/**
 * Batches for a network that looks at several frames in order. Each frame's result counts once, from the window that
 * sees `overlap` frames on either side of it, or the shot's end. No window spans two shots; where a shot is shorter
 * than the window, its last frame is repeated.
 */
export async function* temporalBatches<T>(
  items: AsyncIterable<T>,
  rule: TemporalWindow,
  beginsShot: (item: T) => boolean,
): AsyncGenerator<FrameBatch<T>> {
  let shot = shotOf<T>(rule);
  for await (const item of items) {
    if (beginsShot(item) && shot.length > 0) {
      yield shot.last();
      shot = shotOf<T>(rule);
    }
    const batch = shot.add(item);
    if (batch) yield batch;
  }
  if (shot.length > 0) yield shot.last();
}

/** Collects the frames of one shot. Positions are counted from its first frame. */
function shotOf<T>({ window, overlap }: TemporalWindow) {
  const kept: T[] = [];
  const finished: T[] = [];
  let length = 0;
  let start = 0;
  let done = 0;
  return {
    get length() {
      return length;
    },
    /**
     * Adds a frame, and returns a batch once it is certain that this is not the shot's last one, which starts where the
     * shot's end demands.
     */
    add(item: T): FrameBatch<T> | undefined {
      kept.push(item);
      length++;
      if (kept.length <= window) return undefined;
      const seen = kept.slice(0, window);
      const isDue = length - start > window;
      const batch = isDue
        ? { seen, from: done - start, to: window - overlap, finished: finished.splice(0, finished.length) }
        : undefined;
      if (isDue) {
        done = start + window - overlap;
        start += window - 2 * overlap;
      }
      finished.push(...kept.splice(0, 1)); // the last batch may need all other frames in `kept`
      return batch;
    },
    last(): FrameBatch<T> {
      const begin = length - kept.length;
      const repeated = kept.slice(-1);
      const seen = [...kept, ...Array.from({ length: window - kept.length }).flatMap(() => repeated)];
      return { seen, from: done - begin, to: length - begin, finished: [...finished, ...kept] };
    },
  };
}
