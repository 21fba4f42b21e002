import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { frameColumns, shownColumns, timeColumns } from '../../../core/film/frame-columns.ts';
import { DISCARD, HASH_BYTES, hashesOf, KEY, presentationTimes } from '../../../core/film/frame-index.ts';
import { keyframeNumbers } from '../../../core/segments/borders.ts';
import { spoolFile } from '../../../media/probe/spool-file.ts';

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
  expect(Buffer.from(hashesOf({ hashes }, 69_999, 70_000)).toString('hex')).toBe(hashOf(69_999).slice(32));
});

it('keeps the hashes of a long film in a spool, and gives any of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  const [inMemory, spooled] = [frameColumns(), frameColumns(spoolFile(folder))];
  const count = (1 << 20) + 10; // more than two parts
  for (let i = 0; i < count; i++) for (const each of [inMemory, spooled]) each.add(i, KEY, hashOf(i).slice(32));
  const [one, other] = [inMemory, spooled].map((each) => each.index('packets', TIME_BASE));
  if (!one || !other) throw new Error('there are two');
  expect(other.hashes).not.toBeInstanceOf(Uint8Array);
  for (const [first, end] of [
    [0, 3],
    [(1 << 19) - 2, (1 << 19) + 2],
    [(1 << 20) + 9, count],
    [7, 7],
  ] as const)
    expect(Buffer.from(hashesOf(other, first, end))).toEqual(Buffer.from(hashesOf(one, first, end)));
  await rm(folder, { recursive: true });
  expect(() => hashesOf(other, 0, 1)).toThrow(/cannot read ".*spool-/);
});

it('leaves no file of a shorter film', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  const columns = frameColumns(spoolFile(folder));
  for (let i = 0; i < FRAMES; i++) columns.add(i, KEY, hashOf(i).slice(32));
  expect(columns.index('packets', TIME_BASE).hashes).toBeInstanceOf(Uint8Array);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

it('tells the same times and keyframes from pictures in the order of showing as from those in the order of decoding', () => {
  const columns = [timeColumns(), shownColumns()] as const;
  // groups of I B B P; hidden pictures at the beginning, one of them a keyframe; two with one time; some before the file's start
  const order = [0, 3, 1, 2];
  for (let i = 0; i < FRAMES; i++) {
    const place = i - (i % 4) + (order[i % 4] ?? 0);
    const time = i === 81 ? (place - 1) * 1001 - 9009 : place * 1001 - 9009;
    const bits = (i % 40 === 0 ? KEY : 0) | (i < 6 ? DISCARD : 0);
    for (const each of columns) each.add(time, bits);
  }
  const [decoded, shown] = columns.map((each) => each.index('packets', TIME_BASE));
  if (!decoded || !shown) throw new Error('there are two');
  expect(shown.count).toBe(FRAMES - 6);
  expect(presentationTimes(shown)).toEqual(presentationTimes(decoded));
  expect(keyframeNumbers(shown)).toEqual(keyframeNumbers(decoded));
  expect(presentationTimes(shown)).toBe(shown.pts); // no second list
});
