import { expect, it } from '@jest/globals';
import type { FragmentedTrack } from '../../../core/film/fragments.ts';
import { sampleSteps } from '../../../core/film/sample-steps.ts';
import { highestRate, rateText } from '../../../core/playlists/frame-rate.ts';

/** A track of samples that last so many ticks. */
function trackOf(ticks: readonly number[], timescale: number): FragmentedTrack {
  const fragments = [{ startSeconds: 0, durationSeconds: ticks.reduce((sum, each) => sum + each, 0) / timescale }];
  const steps = sampleSteps();
  for (const each of ticks) steps.add(each);
  return {
    fragments,
    timescale,
    shortestStepSeconds: steps.shortest() / timescale,
    firstSampleSeconds: (ticks.at(0) ?? 0) / timescale,
    lastSampleSeconds: (ticks.at(-1) ?? 0) / timescale,
  } as unknown as FragmentedTrack;
}

/** Samples of frames at a rate, in a clock of milliseconds. */
const inMilliseconds = (rate: number, frames: number) =>
  trackOf(
    Array.from({ length: frames }, (_, i) => Math.round(((i + 1) * 1000) / rate) - Math.round((i * 1000) / rate)),
    1000,
  );

/** Twenty pictures at 50 a second. */
const twenty = Array.from({ length: 20 }, () => 1800);

it.each([
  { what: '24 frames at 24 in milliseconds', track: inMilliseconds(24, 24), frames: 24, told: 24, rate: 24 },
  { what: 'the same without being told', track: inMilliseconds(24, 24), frames: 24, told: undefined, rate: 24 },
  {
    what: '10 frames at 23.976 in milliseconds',
    track: inMilliseconds(24_000 / 1001, 10),
    frames: 10,
    told: 24_000 / 1001,
    rate: 23.976,
  },
  { what: '10 frames at 31 in milliseconds', track: inMilliseconds(31, 10), frames: 10, told: 31, rate: 31 },
  { what: 'what was told wrong', track: inMilliseconds(25, 100), frames: 100, told: 24, rate: 25 },
  {
    what: 'a first picture that is shown 23 ms early, in milliseconds',
    track: trackOf([63, ...Array.from({ length: 74 }, () => 40)], 1000),
    frames: 75,
    told: 24.824,
    rate: 25,
  },
  { what: 'a last picture of half a frame', track: trackOf([4, 4, 4, 2], 100), frames: 4, told: 25, rate: 25 },
  { what: 'a last picture of a minute', track: trackOf([4, 4, 4, 6000], 100), frames: 4, told: 25, rate: 25 },
  { what: 'a rate that varies', track: trackOf([50, 50, 2, 2, 2, 2, 2, 50, 50], 100), frames: 9, told: 25, rate: 50 },
  {
    what: 'pictures that nearly coincide',
    track: trackOf([...twenty, 1, 1, 1798, ...twenty], 90_000),
    frames: 43,
    told: 50,
    rate: 50,
  },
  { what: 'an unusual rate', track: trackOf([1, 1, 1, 1], 7), frames: 4, told: undefined, rate: 7 },
  {
    what: 'a film cut in the middle, whose second picture comes late',
    track: trackOf([2560, ...Array.from({ length: 48 }, () => 512)], 12_800),
    frames: 49,
    told: 25,
    rate: 25,
  },
  { what: 'slides', track: trackOf([500, 500, 500], 100), frames: 3, told: 25, rate: 0.2 },
  { what: 'one picture', track: trackOf([720_000], 100), frames: 1, told: 25, rate: 25 },
])('the frame rate of $what is $rate', ({ track, frames, told, rate }) => {
  expect(Number(highestRate(track, frames, told).toFixed(3))).toBe(rate);
});

it.each([
  { rate: 30_000 / 1001, text: '30000/1001' },
  { rate: 60_000 / 1001, text: '60000/1001' },
  { rate: 24_000 / 1001, text: '24000/1001' },
  { rate: 15_000 / 1001, text: '15000/1001' },
  { rate: 25, text: '25' },
  { rate: 1001, text: '1001' },
  { rate: 12.5, text: '25/2' },
  { rate: 29.97, text: '2997/100' },
  { rate: 17.301_234, text: '17301/1000' },
  { rate: 0.0001, text: '1/1000' },
])('$rate frames a second are written as $text', ({ rate, text }) => {
  expect(rateText(rate)).toBe(text);
});
