import type { SampleSampling } from './sample.ts';

/** What encoding a sample of a film with one set of settings gave, projected to the whole film. */
export type TriedSettings = {
  readonly settings: Readonly<Record<string, string>>;
  /** The picture's bytes for the whole film, and as a share of the source's file in percent. */
  readonly bytes: number;
  readonly percent: number;
  /** Mean and lowest score of the stretches; undefined if the trial was given up. */
  readonly mean: number | undefined;
  readonly lowest: number | undefined;
  readonly framesPerSecond: number;
  /** What encoding the whole film would take on this machine. */
  readonly secondsForAll: number;
  /** Why the trial was given up; undefined if it was not. */
  readonly givenUp: string | undefined;
};

const SECONDS = 20;
const MOST_WINDOWS = 10;

/** Twenty seconds in stretches spread over the film, so that quiet and busy parts are among them. */
export function tryingSampling(framesPerSecond: number): SampleSampling {
  const frames = Math.max(1, Math.round(SECONDS * framesPerSecond));
  return {
    fraction: 1,
    least: frames,
    most: frames,
    window: Math.ceil(frames / MOST_WINDOWS),
    mostWindows: MOST_WINDOWS,
  };
}

/** After this many stretches a projection is believed. */
const BELIEVED = 3;

/** Whether a trial is worth no more work: what was encoded so far projects to more than was allowed. */
export const isHopeless = (percent: number, most: number | undefined, stretches: number, all: number): boolean =>
  most !== undefined && percent > most && stretches >= Math.min(BELIEVED, all);
