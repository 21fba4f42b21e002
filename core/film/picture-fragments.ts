import { SAME_SECONDS } from './promised.ts';

/** A fragment of a film's first picture track. Times are seconds of the track. */
export type PictureFragment = {
  /** The byte at which its `moof` box begins. */
  readonly at: number;
  /** Its number among the fragments (mfhd, ISO/IEC 14496-12 8.8.5). */
  readonly sequence: number;
  readonly beginSeconds: number;
  readonly endSeconds: number;
  readonly samples: number;
};

/** Returns how many samples the fragments hold. One that was written twice counts once. */
export function samplesOf(fragments: readonly PictureFragment[]): number {
  const byTime = new Map(fragments.map(({ beginSeconds, samples }) => [beginSeconds, samples]));
  return [...byTime.values()].reduce((sum, samples) => sum + samples, 0);
}

/** Returns how many samples lie in fragments behind later ones. ffmpeg gives none of them out to be shown. */
export function unorderedSamples(fragments: readonly PictureFragment[]): number {
  const seen = new Set<number>();
  let [end, samples] = [Number.NEGATIVE_INFINITY, 0];
  for (const each of fragments) {
    if (each.beginSeconds < end - SAME_SECONDS && !seen.has(each.beginSeconds)) samples += each.samples;
    seen.add(each.beginSeconds);
    end = Math.max(end, each.endSeconds);
  }
  return samples;
}

const LONGER_SECONDS = 0.1;

/** Returns what is told of fragments that are not there: where numbers are left out and nothing new is shown for that time. */
export function lostFragments(inFile: readonly PictureFragment[]): readonly string[] {
  const fragments = inFile.slice().sort((a, b) => a.beginSeconds - b.beginSeconds);
  const steps = fragments.slice(1).map(({ sequence }, i) => sequence - (fragments[i]?.sequence ?? 0));
  const usual = steps.slice().sort((a, b) => a - b)[steps.length >> 1] ?? 1;
  return fragments.slice(1).flatMap(({ beginSeconds, at }, i) => {
    const end = fragments[i]?.endSeconds ?? beginSeconds;
    if ((steps[i] ?? 0) <= usual || beginSeconds - end < LONGER_SECONDS) return [];
    const lasts = (beginSeconds - end).toFixed(2);
    return [`fragments are missing before byte ${at}: nothing new is shown for ${lasts} s from ${end.toFixed(2)} s on`];
  });
}
