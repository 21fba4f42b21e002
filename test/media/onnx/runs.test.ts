import { describe, expect, it } from '@jest/globals';
import { frameBatches, type FrameBatch, temporalBatches } from '../../../media/onnx/runs.ts';

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

describe('runs over shots', () => {
  const RULES = [
    { window: 5, overlap: 1 },
    { window: 4, overlap: 0 },
    { window: 14, overlap: 2 },
    { window: 3, overlap: 1 },
    { window: 2, overlap: 0 },
  ];
  /** Of films of every length to three windows, cut nowhere, in the middle, and into many short shots. */
  const films = ({ window }: { window: number }) =>
    upTo(3 * window + 2).flatMap((count) =>
      [[], [count >> 1], [1, 2, 3, window, window + 3, 2 * window + 1]].map((cuts) => ({ count, cuts })),
    );

  it.each(RULES)('keep each frame once and in order, in windows of $window over $overlap', async (rule) => {
    for (const { count, cuts } of films(rule)) {
      const runs = await all(temporalBatches(from(upTo(count)), rule, (frame) => cuts.includes(frame)));
      expect(runs.flatMap(kept)).toEqual(upTo(count));
    }
  });

  it.each(RULES)('see $window frames of one shot, and around each that counts $overlap or the end', async (rule) => {
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
  });

  it.each(RULES)('give each frame back once, when no later run sees it, in windows of $window', async (rule) => {
    for (const { count, cuts } of films(rule)) {
      const runs = await all(temporalBatches(from(upTo(count)), rule, (frame) => cuts.includes(frame)));
      expect(runs.flatMap(({ finished }) => finished)).toEqual(upTo(count));
      for (const [i, { finished }] of runs.entries()) {
        const later = new Set(runs.slice(i + 1).flatMap(({ seen }) => seen));
        expect(finished.filter((frame) => later.has(frame))).toEqual([]);
      }
    }
  });

  it('begin as soon as a window and one frame more are there', async () => {
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
  it('hold as many as there is room for by then, and the last one the rest', async () => {
    let room = 3;
    const runs: (readonly number[])[] = [];
    for await (const run of frameBatches(from(upTo(8)), () => room)) {
      runs.push(run.seen);
      expect([kept(run), run.finished]).toEqual([run.seen, run.seen]);
      room = 2;
    }
    expect(runs).toEqual([[0, 1, 2], [3, 4], [5, 6], [7]]);
  });

  it('are none of nothing', async () => {
    expect(await all(frameBatches(from([]), () => 4))).toEqual([]);
  });
});
