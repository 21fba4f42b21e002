import { nutWriter, type RawVideo } from './nut/nut-writer.ts';

export type RawFrame = { readonly pts: number; readonly data: Uint8Array };

export type FramePool = {
  allocate(bytes: number): Uint8Array;
  /** Gives memory back. Nobody may look at it afterwards. */
  release(data: Uint8Array): void;
};

/**
 * Memory of frames, used again. With fresh memory for each frame, 4K in 10 bits costs half as much CPU again, and the
 * process grows until the garbage collector runs (bench/frames).
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

/** Above this, no stream takes a chunk without making us wait until all of it is gone. */
const LARGER_THAN_ANY_BUFFER = 256 << 10;

/**
 * Frames as NUT, for the stdin of `ffmpeg -f nut -i pipe:0`: the header, then for each frame a head and its own memory,
 * not copied. The next frame is pulled when the process has taken the last one. `release` hears of memory that has left
 * this process (of large frames only: a stream may hold on to small ones), if a stream's `pipeline` is what pulls.
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

/** At most `count` of what the iterator still has, leaving it open: so one decode feeds segment after segment. */
export async function* takeFrom<T>(items: AsyncIterator<T>, count: number): AsyncGenerator<T, void, undefined> {
  for (let taken = 0; taken < count; taken++) {
    const next = await items.next();
    if (next.done) return;
    yield next.value;
  }
}

/** Lets a generator work on the next `ahead` items while the last one is being used. */
export async function* readAhead<T>(items: AsyncGenerator<T>, ahead: number): AsyncGenerator<T, void, undefined> {
  const pending: Promise<IteratorResult<T>>[] = [];
  try {
    for (;;) {
      while (pending.length < ahead) {
        const next = items.next();
        next.catch(() => {}); // it throws when its turn comes, not before
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
