import type { TemporalWindow } from '../../core/upscale/models.ts';
import { inBatches } from '../nut/frames.ts';

/** What a network with more than one frame to a run is given. */
export type FrameBatch<T> = {
  readonly seen: readonly T[];
  /** Whose results count, of those it sees: from this one, up to and without that one. */
  readonly from: number;
  readonly to: number;
  /** What neither this run nor a later one sees, or this one is the last to see. */
  readonly gone: readonly T[];
};

/** Frames that have nothing to do with each other, so many at a time; of the last run, fewer. */
export async function* frameBatches<T>(items: AsyncIterable<T>, most: () => number): AsyncGenerator<FrameBatch<T>> {
  for await (const seen of inBatches(items, most)) yield { seen, from: 0, to: seen.length, gone: seen };
}

/**
 * Windows over frames in order, each frame's result counted once, from the window that sees `overlap` frames on either side
 * of it, or the shot's end. No window sees two shots; in one that is shorter than the window, the last frame is repeated.
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
    const run = shot.add(item);
    if (run) yield run;
  }
  if (shot.length > 0) yield shot.last();
}

/** One shot as it grows. Positions are counted from its first frame. */
function shotOf<T>({ window, overlap }: TemporalWindow) {
  const kept: T[] = [];
  const gone: T[] = [];
  let length = 0;
  let start = 0;
  let done = 0;
  return {
    get length() {
      return length;
    },
    /** A run, once it is known not to be the last: of that one, the end decides where it starts. */
    add(item: T): FrameBatch<T> | undefined {
      kept.push(item);
      length++;
      if (kept.length <= window) return undefined;
      const seen = kept.slice(0, window);
      const isDue = length - start > window;
      const run = isDue
        ? { seen, from: done - start, to: window - overlap, gone: gone.splice(0, gone.length) }
        : undefined;
      if (isDue) {
        done = start + window - overlap;
        start += window - 2 * overlap;
      }
      gone.push(...kept.splice(0, 1)); // a last run may have to reach back to all others
      return run;
    },
    last(): FrameBatch<T> {
      const begin = length - kept.length;
      const repeated = kept.slice(-1);
      const seen = [...kept, ...Array.from({ length: window - kept.length }).flatMap(() => repeated)];
      return { seen, from: done - begin, to: length - begin, gone: [...gone, ...kept] };
    },
  };
}
