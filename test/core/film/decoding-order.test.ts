import { expect, it } from '@jest/globals';
import { groupStart, orderByTimes } from '../../../core/film/decoding-order.ts';
import { DISCARD } from '../../../core/film/frame-index.ts';

/** Two open groups: I P B B, and I B B P, of which the B before the second I are decoded behind it. */
const DECODED = [0, 3, 1, 2, 6, 4, 5, 7];
const timeBase = { num: 1, den: 25 };
const times = Float64Array.from(DECODED);
const flags = new Uint8Array(DECODED.length);
const index = { from: 'packets' as const, timeBase, count: DECODED.length, pts: times, flags };
const order = orderByTimes(times, flags);

it('the order of decoding is told by times, without what is not shown', () => {
  expect(order).toEqual([0, 2, 3, 1, 5, 6, 4, 7]);
  expect(orderByTimes(times, [DISCARD])).toEqual([2, 3, 1, 5, 6, 4, 7]);
});

it.each([
  ['a picture that is shown first', 0, 0],
  ['a picture before which two are shown that are decoded behind it', 6, 4],
  ['a time at which there is no picture', 9, 9],
])('a group begins at %s, or before it', (_, at, start) => {
  expect(groupStart(at / 25, index, order)).toBeCloseTo(start / 25, 9);
});
