import type { Rational } from '../units.ts';
import { type FrameIndex, HASH_BYTES } from './frame-index.ts';

/** Ten days at 240 frames a second: address space is set aside for them, memory is taken as they come. */
const MOST_FRAMES = 240 * 86_400 * 10;
const STEP = 1 << 16;

export type FrameColumns = {
  readonly count: number;
  /** The hash in hexadecimal; its first 16 bytes are kept. */
  add(pts: number, flags: number, hash: string): void;
  index(from: FrameIndex['from'], timeBase: Rational): FrameIndex;
};

/** Collects a frame index in columns that grow in place: copies would double what ten hours of film take. */
export function frameColumns(): FrameColumns {
  const ptsBytes = new ArrayBuffer(0, { maxByteLength: MOST_FRAMES * 8 });
  const flagBytes = new ArrayBuffer(0, { maxByteLength: MOST_FRAMES });
  const hashBytes = new ArrayBuffer(0, { maxByteLength: MOST_FRAMES * HASH_BYTES });
  const pts = new Float64Array(ptsBytes);
  const flags = new Uint8Array(flagBytes);
  const hashes = new Uint8Array(hashBytes);
  let count = 0;
  const resize = (frames: number) => {
    ptsBytes.resize(frames * 8);
    flagBytes.resize(frames);
    hashBytes.resize(frames * HASH_BYTES);
  };
  return {
    get count() {
      return count;
    },
    add(time, bits, hash) {
      if (count === flags.length) resize(count + STEP);
      pts[count] = time;
      flags[count] = bits;
      for (let i = 0; i < HASH_BYTES; i++) {
        hashes[count * HASH_BYTES + i] = Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16);
      }
      count++;
    },
    index(from, timeBase) {
      resize(count);
      return { from, timeBase, count, pts, flags, hashes };
    },
  };
}
