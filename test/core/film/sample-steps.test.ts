import { expect, it } from '@jest/globals';
import { sampleSteps } from '../../../core/film/sample-steps.ts';

it.each([
  { what: 'a steady film', ticks: [4, 4, 4, 4, 4, 4, 4, 9], shortest: 4, last: 9 },
  { what: 'a film whose last picture is short', ticks: [4, 4, 4, 4, 4, 4, 1], shortest: 4, last: 1 },
  { what: 'pictures that nearly coincide', ticks: [4, 4, 4, 1, 1, 4, 4, 4, 4, 4], shortest: 4, last: 4 },
  { what: 'a part at a higher rate', ticks: [4, 4, 4, 2, 2, 2, 2, 2, 4, 4, 4], shortest: 2, last: 4 },
  { what: 'a rate that alternates', ticks: [3, 4, 3, 4, 3, 4, 3, 4], shortest: 4, last: 4 },
  { what: 'samples without a length among others', ticks: [4, 0, 4, 4, 0, 4, 4, 4], shortest: 4, last: 4 },
  { what: 'three pictures', ticks: [4, 2, 9], shortest: 4, last: 9 },
  { what: 'one picture', ticks: [4], shortest: Number.POSITIVE_INFINITY, last: 4 },
  { what: 'none', ticks: [], shortest: Number.POSITIVE_INFINITY, last: Number.POSITIVE_INFINITY },
])('the shortest step of $what', ({ ticks, shortest, last }) => {
  const steps = sampleSteps();
  for (const each of ticks) steps.add(each);
  expect([steps.shortest(), steps.last()]).toEqual([shortest, last]);
  expect(steps.first()).toBe(ticks.find((each) => each > 0) ?? Number.POSITIVE_INFINITY);
});
