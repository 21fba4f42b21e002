import { expect, it } from '@jest/globals';
import { piecesToRemove } from '../../../core/library/pieces-to-remove.ts';

const piece = (name: string, modifiedMs: number, bytes = 10) => ({ name, modifiedMs, bytes });
const PIECES = [piece('newest', 50), piece('oldest', 10), piece('middle', 30), piece('open', 40, 5)];
const names = (limits: Omit<Parameters<typeof piecesToRemove>[1], 'firstOpenMs'>, firstOpenMs = Infinity) =>
  piecesToRemove(PIECES, { ...limits, firstOpenMs }).map(({ name }) => name);

it.each([
  { what: 'nothing without a limit', limits: {}, gone: [] },
  { what: 'nothing below the limit', limits: { mostBytes: 35 }, gone: [] },
  { what: 'the oldest first', limits: { mostBytes: 20 }, gone: ['oldest', 'middle'] },
  { what: 'all for no room', limits: { mostBytes: 0 }, gone: ['oldest', 'middle', 'open', 'newest'] },
  { what: 'what is old', limits: { madeBeforeMs: 31 }, gone: ['oldest', 'middle'] },
])('removes $what', ({ limits, gone }) => {
  expect(names(limits)).toEqual(gone);
});

it('removes pieces of published jobs before those that a job which is not done may use', () => {
  const pieces = [piece('of an open job', 100), piece('of a published job', 90)];
  const gone = piecesToRemove(pieces, { mostBytes: 10, firstOpenMs: 95 });
  expect(gone.map(({ name }) => name)).toEqual(['of a published job']);
});
