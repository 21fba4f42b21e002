import type { Settings } from '../settings/settings.ts';
import { costOf } from './machine-cost.ts';

/** Returns whether the settings name two models, which are then compared on the same pictures. */
export const isComparison = ({ model }: Partial<Settings>): boolean => model?.includes(',') ?? false;

/** A part of the film, in seconds from its beginning, end exclusive. */
export type ExcerptWindow = { readonly startSeconds: number; readonly endSeconds: number };

const WINDOWS = 3;
const WINDOW_SECONDS = 2;

/**
 * Returns three windows of two seconds, in the middles of the film's thirds, or none where they would be most of the
 * film.
 */
export function excerptWindows(durationSeconds: number): readonly ExcerptWindow[] {
  if (durationSeconds <= WINDOWS * WINDOW_SECONDS * 1.5) return [];
  return Array.from({ length: WINDOWS }, (_, i) => {
    const startSeconds = (durationSeconds * (i + 0.5)) / WINDOWS - WINDOW_SECONDS / 2;
    return { startSeconds, endSeconds: startSeconds + WINDOW_SECONDS };
  });
}

/** Returns how long these windows are together, in seconds. */
export const excerptSeconds = (windows: readonly ExcerptWindow[]): number =>
  windows.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);

/** How close an enlarged picture is to its source after it was scaled back to the source's size. */
export type Likeness = {
  readonly psnrY: number;
  readonly ssim: number;
  /** Undefined if no ffmpeg on this machine has the xpsnr filter. */
  readonly xpsnrY: number | undefined;
  /** The mean change, in levels of 255, of a frame's error from one frame to the next. */
  readonly flicker: number;
};

/** The measurements of one model. */
export type ModelFigures = Likeness & {
  readonly model: string;
  /** The path of the model's film, relative to the page. */
  readonly path: string;
  readonly bytes: number;
  /** Frames a second at the full size of the source. */
  readonly framesPerSecond: number;
  readonly usdPerSourceMinute: number;
};

type TimedRoundTrip = {
  readonly frames: number;
  readonly seconds: number;
  /** How many times as many pixels the source has as the pictures that were enlarged. */
  readonly larger: number;
  readonly sourceRate: number;
  readonly cores: number;
};

/**
 * Returns speed and cost at the source's own size, scaled by pixels from a round trip at a smaller size: a network
 * takes the same time for each pixel.
 */
export function paceOf({ frames, seconds, larger, sourceRate, cores }: TimedRoundTrip) {
  const framesPerSecond = frames / seconds / larger;
  return { framesPerSecond, usdPerSourceMinute: costOf(((60 * sourceRate) / framesPerSecond) * cores).usd };
}

/**
 * One frame as the source has it, enlarged by repeating pixels, and as each model has it; each picture is PNG in
 * base64.
 */
export type ComparedMoment = { readonly seconds: number; readonly source: string; readonly models: readonly string[] };
