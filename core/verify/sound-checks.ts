import { checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Placement } from './sound-placement.ts';

/** What was found out about one converted sound. */
export type SoundEvidence = {
  /** Of the source. */
  readonly stream: number;
  readonly placement: Placement;
  /** Of conversions that keep every sample: SHA-256 by channel, of the source's samples and of the rendition's. */
  readonly samples?: {
    readonly source: readonly string[];
    readonly made: readonly string[];
    /** Silence was put into its gaps, so what was not silent was compared. */
    readonly filled: boolean;
  };
};

export const soundChecks = (sounds: readonly SoundEvidence[]): readonly Check[] =>
  sounds.flatMap((sound) => [...placed(sound), ...sameSamples(sound)]);

/** Sentences about what no check could tell. */
export const untoldSounds = (sounds: readonly SoundEvidence[]): readonly string[] =>
  sounds.flatMap(({ stream, placement }) =>
    placement.kind === 'untold'
      ? [`whether sound of stream ${stream} is in its place cannot be told: ${placement.why}`]
      : [],
  );

function placed({ stream, placement }: SoundEvidence): readonly Check[] {
  if (placement.kind === 'untold') return [];
  const { places, untold } = placement;
  const wrong = places.filter(({ passed }) => !passed);
  const late = places.reduce((most, { lateSeconds }) => Math.max(most, Math.abs(lateSeconds)), 0);
  const [first, last] = [places.at(0), places.at(-1)].map((place) => `${place?.seconds.toFixed(2)} s`);
  const where = places.length > 1 ? `at ${places.length} places from ${first} to ${last}` : `at ${first}`;
  const silent = untold.length > 0 ? `; its ${untold.join(' and ')} is silent or steady and tells nothing` : '';
  const worst = wrong[0];
  const detail = worst
    ? `at ${worst.seconds.toFixed(2)} s it is like its source by ${worst.likeness.toFixed(2)}, best ${(1000 * worst.lateSeconds).toFixed(0)} ms later (${wrong.length} of ${places.length} places)`
    : `compared ${where}, at most ${(1000 * late).toFixed(0)} ms off${silent}`;
  return [checkOfStream('sound of stream N is in its place', stream, wrong.length === 0, detail)];
}

function sameSamples({ stream, samples }: SoundEvidence): readonly Check[] {
  if (!samples) return [];
  const { source, made, filled } = samples;
  const equal = source.filter((hash, i) => hash === made[i]).length;
  const passed = source.length > 0 && equal === source.length && made.length === source.length;
  const what = filled ? 'what is not silent is' : 'samples are';
  const detail = `of ${equal} channels of ${source.length} (${made.length} made) the decoded ${what} equal by hash`;
  return [checkOfStream('sound of stream N has the same samples', stream, passed, detail)];
}
