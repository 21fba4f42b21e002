/** How loud a sound is from its beginning to its end: all its channels together, in steps of STEP_SECONDS. */
export type SoundLevels = {
  /** The time of the first step, from the file's start. */
  readonly fromSeconds: number;
  /** Mean squares; full scale is 1. */
  readonly energies: Float32Array;
};

export const STEP_SECONDS = 0.005;

/** Returns the levels of a part of a sound, in seconds from the file's start: what a film leaves out is not compared. */
export function levelsWithin(
  { energies, fromSeconds }: SoundLevels,
  { from, to }: { readonly from: number; readonly to: number },
): SoundLevels {
  const stepOf = (seconds: number) => Math.max(0, Math.round((seconds - fromSeconds) / STEP_SECONDS));
  const first = stepOf(from);
  return { energies: energies.subarray(first, stepOf(to)), fromSeconds: fromSeconds + first * STEP_SECONDS };
}

/** Steps on either side that a level is the mean of: the waves of a bass are longer than a step. */
const SMOOTHED = 2;

/** What is quieter by more than this than the loudest moment is taken for silence: codecs lose it, or put noise there. */
const RANGE_DECIBELS = 50;
/** Opus rings behind a click for a tenth of a second, 27 dB below it and less. */
const RANGE_DECIBELS_OF_OPUS = 25;

/** What is taken for silence in both sounds, where one was made of the other by this encoder. */
export const rangeOf = (encoder: string | undefined): number =>
  encoder === 'libopus' ? RANGE_DECIBELS_OF_OPUS : RANGE_DECIBELS;
/** The last bit of 16 is louder than this. */
const SILENCE_DECIBELS = -92;

/** Levels as they are compared, in decibels by steps counted from a moment of the film; undefined where all is silent. */
export type LevelReader = {
  /** Where it begins and ends, in steps. */
  readonly first: number;
  readonly end: number;
  at(step: number): number;
};

/** `origin` is the moment that counts as 0, `timeFactor` what times are multiplied by, and `range` that of `rangeOf`. */
export function levelReader(
  { energies, fromSeconds }: SoundLevels,
  origin: number,
  timeFactor = 1,
  range = RANGE_DECIBELS,
): LevelReader | undefined {
  const loudest = decibels(energies.reduce((most, each) => Math.max(most, each), 0));
  if (loudest <= SILENCE_DECIBELS) return undefined;
  const floor = Math.max(SILENCE_DECIBELS, loudest - range);
  const begins = ((fromSeconds - origin) * timeFactor) / STEP_SECONDS;
  return {
    first: Math.floor(begins),
    end: Math.ceil(begins + energies.length * timeFactor),
    at(step) {
      const middle = Math.round((step - begins) / timeFactor);
      let sum = 0;
      for (let i = middle - SMOOTHED; i <= middle + SMOOTHED; i++) sum += energies[i] ?? 0;
      return Math.max(floor, decibels(sum / (2 * SMOOTHED + 1)));
    },
  };
}

const decibels = (energy: number) => (energy > 0 ? 10 * Math.log10(energy) : Number.NEGATIVE_INFINITY);
