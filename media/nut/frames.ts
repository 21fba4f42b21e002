import { nutWriter, type RawVideo } from './nut-writer.ts';

export type RawFrame = { readonly pts: number; readonly data: Uint8Array };

export type FramePool = {
  allocate(bytes: number): Uint8Array;
  /** Returns memory to the pool. Nobody may read it afterwards. */
  release(data: Uint8Array): void;
};

/**
 * A pool that reuses the memory of frames. With fresh memory for each frame, 4K in 10 bits costs half as much CPU
 * again, and the process grows until the garbage collector runs (bench/frames).
 */
export function framePool(): FramePool {
  const free: Uint8Array[] = [];
  return {
    allocate(bytes) {
      const fits = free.findIndex((each) => each.length === bytes);
      return (fits < 0 ? undefined : free.splice(fits, 1)[0]) ?? Buffer.allocUnsafeSlow(bytes);
    },
    release: (data) => void free.push(data),
  };
}

/**
 * A size above the buffer of any stream: a stream asks for the chunk after one of this size only when that was written
 * whole.
 */
const LARGER_THAN_ANY_BUFFER = 256 << 10;

/**
 * Frames as NUT chunks for the stdin of `ffmpeg -f nut -i pipe:0`: the header, and then a head and the frame's own
 * memory for each frame, without a copy. The next frame is pulled when the process has taken the last one. If a
 * stream's `pipeline` reads the chunks, `release` is called with the memory of each large frame once it was written; a
 * stream may still hold small ones.
 */
export async function* nutChunks(
  video: RawVideo,
  frames: AsyncIterable<RawFrame>,
  release?: (data: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = nutWriter(video);
  yield writer.header;
  for await (const { pts, data } of frames) {
    yield writer.frameHead(pts, data);
    yield data;
    if (data.length > LARGER_THAN_ANY_BUFFER) release?.(data);
  }
}

/**
 * Gives frames by their numbers out of one decode, which begins with frame `first`, for one segment after another. Ranges must ascend,
 * but the last `again` frames can be read again; those are copies, because a reader may overwrite a frame's memory.
 */
export function framesByNumber<T extends { readonly data: Uint8Array }>(
  frames: AsyncIterator<T>,
  again: number,
  first = 0,
) {
  const kept = new Map<number, T>();
  let next = first;
  const pull = async (): Promise<T | undefined> => {
    const { value, done } = await frames.next();
    if (done) return undefined;
    if (again > 0) kept.set(next, copyOf(value));
    kept.delete(next - again);
    next++;
    return value;
  };
  /** Frames [from, to), or as many of them as there are. Throws RangeError for a frame that is no longer kept. */
  return async function* range(from: number, to: number): AsyncGenerator<T, void, undefined> {
    for (let number = from; number < to; number++) {
      while (next < number) if (!(await pull())) return;
      const before = kept.get(number);
      if (number < next && !before) throw new RangeError(`frame ${number} is no longer kept: the next is ${next}`);
      const frame = before ? copyOf(before) : await pull();
      if (!frame) return;
      yield frame;
    }
  };
}

const copyOf = <T extends { readonly data: Uint8Array }>(frame: T): T => ({ ...frame, data: Buffer.from(frame.data) });

/** Groups items in their order, `most()` at a time; the last group may be smaller. `most` is asked anew for each item. */
export async function* inBatches<T>(items: AsyncIterable<T>, most: () => number): AsyncGenerator<T[], void, undefined> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < most()) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Lets a generator produce the next `ahead` items while the last one is in use. */
export async function* readAhead<T>(items: AsyncGenerator<T>, ahead: number): AsyncGenerator<T, void, undefined> {
  const pending: Promise<IteratorResult<T>>[] = [];
  try {
    for (;;) {
      while (pending.length < ahead) {
        const next = items.next();
        next.catch(() => {}); // a rejection is handled when the item is awaited
        pending.push(next);
      }
      const next = await pending.shift();
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    await items.return(undefined);
  }
}
