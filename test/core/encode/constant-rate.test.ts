import { expect, it } from '@jest/globals';
import { constantRate } from '../../../core/encode/constant-rate.ts';

/** The times of pictures at a rate, in whole milliseconds. */
const inMilliseconds = (rate: number, pictures = 60) =>
  Float64Array.from({ length: pictures }, (_, i) => Math.round((i * 1000) / rate));

const varying = Float64Array.from([0, 33, 67, 84, 100, 117, 150]);

it.each([
  {
    what: '59.94 as Matroska rounds it',
    times: inMilliseconds(60_000 / 1001),
    frameRate: '19001/317',
    is: [60_000, 1001],
  },
  { what: '60', times: inMilliseconds(60), frameRate: '60/1', is: [60, 1] },
  { what: 'an odd rate', times: inMilliseconds(17), frameRate: '17/1', is: [17, 1] },
  { what: 'a rate that varies', times: varying, frameRate: '60/1', is: undefined },
  { what: 'one picture', times: inMilliseconds(25, 1), frameRate: '25/1', is: undefined },
  { what: 'a base rate that is not that of its pictures', times: inMilliseconds(25), frameRate: '50/1', is: undefined },
])('the constant rate of $what', ({ times, frameRate, is }) => {
  const rate = constantRate({ times, tickSeconds: 0.001, spec: { frameRate } });
  expect(rate && [rate.num, rate.den]).toEqual(is);
});

it('is that of a film at another speed', () => {
  const spec = { frameRate: '24/1', timeFactor: { num: 25, den: 24 } };
  expect(constantRate({ times: inMilliseconds(25), tickSeconds: 0.001, spec })).toEqual({ num: 24, den: 1 });
});
