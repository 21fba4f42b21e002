import { expect, it } from '@jest/globals';
import { frameColumns, timeColumns } from '../../../core/film/frame-columns.ts';
import { HASH_BYTES, KEY } from '../../../core/film/frame-index.ts';

const TIME_BASE = { num: 1, den: 90_000 };
const FRAMES = 70_000; // more than columns begin with
const hashOf = (frame: number) => frame.toString(16).padStart(64, '0');

it('holds what it was given, grown or not, with hashes and without', () => {
  const [frames, times] = [frameColumns(), timeColumns()];
  for (let i = 0; i < FRAMES; i++) {
    frames.add(i * 3000, i % 60 === 0 ? KEY : 0, hashOf(i).slice(32).padEnd(64, '0'));
    times.add(i * 3000, i % 60 === 0 ? KEY : 0);
  }
  const { hashes, ...index } = frames.index('packets', TIME_BASE);
  expect(index).toEqual(times.index('packets', TIME_BASE));
  expect([index.count, index.pts.length, index.flags.length]).toEqual([FRAMES, FRAMES, FRAMES]);
  expect([index.pts[69_999], index.flags[69_960], index.flags[69_961]]).toEqual([69_999 * 3000, KEY, 0]);
  expect(hashes).toHaveLength(FRAMES * HASH_BYTES);
  expect(Buffer.from(hashes.subarray(69_999 * HASH_BYTES)).toString('hex')).toBe(hashOf(69_999).slice(32));
});
