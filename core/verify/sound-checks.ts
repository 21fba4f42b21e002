import { checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Placement } from './sound-placement.ts';

/** The evidence about one converted sound. */
export type SoundEvidence = {
  /** The index of the source's stream. */
  readonly stream: number;
  readonly placement: Placement;
  /** For how much of the rendition's samples its times leave no room: players that count samples play what follows later. */
  readonly madeOverlapSeconds?: number;
  /** How much of it was left out of a conversion that else keeps every sample, since the source's times leave no room for it. */
  readonly overlapSeconds?: number;
  /** SHA-256 of each channel's samples in source and rendition, for conversions that keep every sample. */
  readonly samples?: {
    readonly source: readonly string[];
    readonly made: readonly string[];
    /** Whether gaps were filled with silence, so that only samples other than 0 were hashed. */
    readonly filled: boolean;
  };
};

/** Returns the checks that each sound begins at its time and has the samples of its source. */
export const soundChecks = (sounds: readonly SoundEvidence[]): readonly Check[] =>
  sounds.flatMap((sound) => [...placed(sound), ...sameSamples(sound)]);

/** Returns warnings about sounds whose position could not be checked, or of which samples are left out. */
export const uncheckedSounds = (sounds: readonly SoundEvidence[]): readonly string[] =>
  sounds.flatMap(({ stream, placement, overlapSeconds }) => [
    ...(placement.kind === 'unknown'
      ? [`whether sound of stream ${stream} is in its place cannot be checked: ${placement.why}`]
      : []),
    ...(overlapSeconds
      ? [
          `${overlapSeconds.toFixed(2)} s of the sound of stream ${stream} overlap others and are left out: it has more samples than its times have room for`,
        ]
      : []),
  ]);

function placed({ stream, placement, madeOverlapSeconds = 0 }: SoundEvidence): readonly Check[] {
  if (madeOverlapSeconds > 0) {
    const detail = `${madeOverlapSeconds.toFixed(2)} s of its samples overlap others`;
    return [checkOfStream('sound of stream N is in its place', stream, false, detail)];
  }
  if (placement.kind === 'unknown') return [];
  const { moments, steadyParts } = placement;
  const wrong = moments.filter(({ passed }) => !passed);
  const late = moments.reduce((most, { lateSeconds }) => Math.max(most, Math.abs(lateSeconds)), 0);
  const [first, last] = [moments.at(0), moments.at(-1)].map((moment) => `${moment?.seconds.toFixed(2)} s`);
  const where = moments.length > 1 ? `at ${moments.length} moments from ${first} to ${last}` : `at ${first}`;
  const silent =
    steadyParts.length > 0 ? `; its ${steadyParts.join(' and ')} is silent or steady and cannot be compared` : '';
  const worst = wrong[0];
  const detail = worst
    ? `at ${worst.seconds.toFixed(2)} s its correlation with the source is ${worst.likeness.toFixed(2)}, best ${(1000 * worst.lateSeconds).toFixed(0)} ms later (${wrong.length} of ${moments.length} moments)`
    : `compared ${where}, at most ${(1000 * late).toFixed(0)} ms off${silent}`;
  return [checkOfStream('sound of stream N is in its place', stream, wrong.length === 0, detail)];
}

function sameSamples({ stream, samples }: SoundEvidence): readonly Check[] {
  if (!samples) return [];
  const { source, made, filled } = samples;
  const equal = source.filter((hash, i) => hash === made[i]).length;
  const passed = source.length > 0 && equal === source.length && made.length === source.length;
  const what = filled ? 'decoded samples other than silence' : 'decoded samples';
  const detail = `${what} of ${equal} of ${source.length} channels (${made.length} made) equal by hash`;
  return [checkOfStream('sound of stream N has the same samples', stream, passed, detail)];
}
