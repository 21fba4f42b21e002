import { describe, expect, it } from '@jest/globals';
import { type FrameBatch, frameBatches, temporalBatches } from '../../../media/onnx/runs.ts';

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function all<T>(runs: AsyncIterable<FrameBatch<T>>): Promise<readonly FrameBatch<T>[]> {
  const list: FrameBatch<T>[] = [];
  for await (const run of runs) list.push(run);
  return list;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const kept = <T>({ seen, from: first, to }: FrameBatch<T>) => seen.slice(first, to);

describe('temporal batches', () => {
  const RULES = [
    { window: 5, overlap: 1 },
    { window: 4, overlap: 0 },
    { window: 14, overlap: 2 },
    { window: 3, overlap: 1 },
    { window: 2, overlap: 0 },
  ];
  /** All films up to three windows long, without cuts, with a cut in the middle, and with many short shots. */
  const films = ({ window }: { window: number }) =>
    upTo(3 * window + 2).flatMap((count) =>
      [[], [count >> 1], [1, 2, 3, window, window + 3, 2 * window + 1]].map((cuts) => ({ count, cuts })),
    );

  it.each(RULES)(
    'keep each frame once and in order, in windows of $window with an overlap of $overlap',
    async (rule) => {
      for (const { count, cuts } of films(rule)) {
        const runs = await all(temporalBatches(from(upTo(count)), rule, (frame) => cuts.includes(frame)));
        expect(runs.flatMap(kept)).toEqual(upTo(count));
      }
    },
  );

  it.each(RULES)(
    "see $window frames of one shot, and $overlap frames or the shot's end around each kept one",
    async (rule) => {
      for (const { count, cuts } of films(rule)) {
        const borders = [0, ...cuts.filter((cut) => cut > 0 && cut < count), count];
        for (const { seen, ...run } of await all(
          temporalBatches(from(upTo(count)), rule, (frame) => cuts.includes(frame)),
        )) {
          const first = seen[0] ?? -1;
          const [begin = 0] = borders.filter((border) => border <= first).slice(-1);
          const end = borders.find((border) => border > first) ?? 0;
          expect(seen).toEqual(seen.map((_, i) => Math.min(first + i, end - 1)));
          expect(seen).toHaveLength(rule.window);
          for (const frame of kept({ seen, ...run })) {
            expect(first).toBeLessThanOrEqual(Math.max(begin, frame - rule.overlap));
            expect(first + rule.window).toBeGreaterThanOrEqual(Math.min(end, frame + rule.overlap + 1));
          }
        }
      }
    },
  );

  it.each(RULES)('return each frame once, when no later batch sees it, in windows of $window', async (rule) => {
    for (const { count, cuts } of films(rule)) {
      const runs = await all(temporalBatches(from(upTo(count)), rule, (frame) => cuts.includes(frame)));
      expect(runs.flatMap(({ finished }) => finished)).toEqual(upTo(count));
      for (const [i, { finished }] of runs.entries()) {
        const later = new Set(runs.slice(i + 1).flatMap(({ seen }) => seen));
        expect(finished.filter((frame) => later.has(frame))).toEqual([]);
      }
    }
  });

  it('begin as soon as a window and one more frame are read', async () => {
    let pulled = 0;
    async function* counted() {
      for (; pulled < 100; pulled++) yield pulled;
    }
    const first = await temporalBatches(counted(), { window: 6, overlap: 2 }, () => false).next();
    expect(first.value).toMatchObject({ seen: [0, 1, 2, 3, 4, 5], from: 0, to: 4 });
    expect(pulled).toBe(6);
  });
});

describe('batches', () => {
  it('hold the number of frames that is allowed at the time, and the last one holds the rest', async () => {
    let room = 3;
    const runs: (readonly number[])[] = [];
    for await (const run of frameBatches(from(upTo(8)), () => room)) {
      runs.push(run.seen);
      expect([kept(run), run.finished]).toEqual([run.seen, run.seen]);
      room = 2;
    }
    expect(runs).toEqual([[0, 1, 2], [3, 4], [5, 6], [7]]);
  });

  it('do not exist without frames', async () => {
    expect(await all(frameBatches(from([]), () => 4))).toEqual([]);
  });
});
