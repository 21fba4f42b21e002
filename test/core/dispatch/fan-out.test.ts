import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evenShareOf, fanOut, shareOf } from '../../../core/dispatch/fan-out.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const allShares = (seconds: readonly number[], of: number) =>
  Array.from({ length: of }, (_, index) =>
    evenShareOf(
      seconds.map((value, at) => ({ value, at })),
      ({ value }) => value,
      { index, of },
    ),
  );

const work = fc.tuple(fc.array(fc.integer({ min: 10, max: 60 }), { maxLength: 200 }), fc.integer({ min: 1, max: 40 }));

describe('fanOut', () => {
  const film = { pieces: 188, vcpuSeconds: 36_000, pixels: 7680 * 4320, preset: 'medium', compute: 'cpu' } as const;

  it.each([
    { does: 'a large picture', pending: film, gives: { tasks: 15, size: { vcpu: 8, memoryMiB: 16384 } } },
    { does: 'few pieces', pending: { ...film, pieces: 3 }, gives: { tasks: 3, size: { vcpu: 8, memoryMiB: 16384 } } },
    { does: 'a lot', pending: { ...film, pieces: 999, vcpuSeconds: 1e7 }, gives: { tasks: 200 } },
    { does: 'nothing left', pending: { ...film, pieces: 0, vcpuSeconds: 0 }, gives: { tasks: 0 } },
    {
      does: 'a graphics card, which comes in one size',
      pending: { ...film, compute: 'gpu' as const },
      gives: { tasks: 30, size: { vcpu: 4, memoryMiB: 14336 } },
    },
  ])('gives $does its tasks', ({ pending, gives }) => {
    expect(fanOut(pending, 0)).toMatchObject(gives);
  });
});

describe('evenShareOf', () => {
  it('gives each piece to exactly one task, in the order of the list', () => {
    fc.assert(
      fc.property(work, ([seconds, of]) => {
        const shares = allShares(seconds, of);
        for (const share of shares) expect(share).toEqual([...share].sort((a, b) => a.at - b.at));
        const places = shares.flat().map(({ at }) => at);
        expect(places.sort((a, b) => a - b)).toEqual(seconds.map((_, at) => at));
      }),
    );
  });

  it('gives no task more than an even part and one piece that is not among the longest', () => {
    fc.assert(
      fc.property(work, ([seconds, of]) => {
        const heaviest = Math.max(...allShares(seconds, of).map((share) => sum(share.map(({ value }) => value))));
        const longestFirst = [...seconds].sort((a, b) => b - a);
        const bound = Math.max(longestFirst[0] ?? 0, sum(seconds) / of + (longestFirst[of] ?? 0));
        expect(heaviest).toBeLessThanOrEqual(bound + 1e-9);
      }),
    );
  });

  it.each([
    { seconds: [60, 10, 10, 10, 10, 20], of: 2, shares: [[60], [10, 10, 10, 10, 20]] },
    { seconds: [30, 30, 30], of: 3, shares: [[30], [30], [30]] },
    { seconds: [10], of: 3, shares: [[10], [], []] },
  ])('shares $seconds among $of', ({ seconds, of, shares }) => {
    expect(allShares(seconds, of).map((share) => share.map(({ value }) => value))).toEqual(shares);
  });
});

describe('shareOf', () => {
  it('gives neighbouring elements, each exactly once', () => {
    const list = [0, 1, 2, 3, 4, 5, 6];
    expect([0, 1, 2].map((index) => shareOf(list, { index, of: 3 }))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5, 6],
    ]);
  });
});
