import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { PROGRESSIVE, progressive } from '../fixtures/progressive.ts';
import { piecesTogether, planOf } from '../support/fragmented.ts';
import { samplesIn } from '../support/read-samples.ts';

const FOUND = ['demo/clips/VID_20191220_170832.mp4', 'demo/clips/dog-320x180.mp4'];

/** Both times are multiples of a tick; an edit list counts in ticks of the movie, mostly milliseconds. */
const CLOSE_SECONDS = 0.0006;

function compare(
  source: Buffer,
  kept?: readonly number[],
  hidden: Readonly<Record<number, { before?: number; after?: number }>> = {},
) {
  const plan = planOf(source);
  const whole = piecesTogether(source, plan);
  expect(whole.length).toBe(plan.bytes);
  const [before, after] = [samplesIn(source), samplesIn(whole)];
  expect([before.isFragmented, after.isFragmented]).toEqual([false, true]);
  const ids = kept ?? before.tracks.map(({ id }) => id);
  expect(after.tracks.map(({ id }) => id)).toEqual(ids);
  for (const track of after.tracks) {
    const { samples = [], codec, timescale } = before.tracks.find(({ id }) => id === track.id) ?? {};
    const { before: left = 0, after: right = 0 } = hidden[track.id] ?? {};
    const shown = samples.slice(left, samples.length - right);
    expect({ codec: track.codec, timescale: track.timescale }).toEqual({ codec, timescale });
    // mp4box.js takes the length of a source's last sample from the length of the track
    const facts = (each: (typeof shown)[number], i: number) => [
      ...[each.hash, each.isSync, each.description],
      i === shown.length - 1 || each.duration,
    ];
    expect(track.samples.map(facts)).toEqual(shown.map(facts));
    const apart = track.samples.map(({ seconds }, i) => Math.abs(seconds - (shown[i]?.seconds ?? Number.NaN)));
    expect(Math.max(...apart)).toBeLessThan(CLOSE_SECONDS);
  }
  return plan;
}

describe('the fragmented form has every sample of the source, at its time', () => {
  it.each(PROGRESSIVE)('of $what', async ({ file, kept, hidden }) => {
    compare(await readFile(await progressive(file)), kept, hidden);
  });

  it.each(FOUND)('of %s', async (path) => {
    compare(await readFile(path));
  });
});
