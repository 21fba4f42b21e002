import { type FragmentedTrack, streamSegments } from '../film/fragments.ts';

/**
 * A film of constant frame rate may have a coarse clock: frames that are 33 and 34 ms apart are 30 frames a second.
 * Rates within this factor of the mean are taken as constant.
 */
const STEADY = 1.1;

const USUAL = [24_000 / 1001, 24, 25, 30_000 / 1001, 30, 48, 50, 60_000 / 1001, 60, 90, 100, 120_000 / 1001, 120];

/**
 * Returns the mean frame rate, or, where the rate varies, that of the shortest frame: the usual rate that it may be a frame
 * of by the track's clock, which may be coarse.
 */
export function highestRate(track: FragmentedTrack, frames: number): number {
  const { shortestSampleSeconds: shortest, timescale } = track;
  const seconds = streamSegments(track).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const mean = frames / (seconds || 1);
  const highest = 1 / shortest;
  if (!Number.isFinite(highest) || highest <= mean * STEADY) return mean;
  const distance = (rate: number) => Math.abs(1 / rate - shortest) * timescale;
  const nearest = USUAL.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
  return distance(nearest) < 1 ? nearest : highest;
}
