import type { Settings } from '../settings/settings.ts';
import { costOf } from './machine-cost.ts';

/** Two networks, side by side on the same pictures. */
export const isComparison = ({ model }: Partial<Settings>): boolean => model?.includes(',') ?? false;

/** A part of the film, in seconds from its beginning. */
export type ExcerptWindow = { readonly startSeconds: number; readonly endSeconds: number };

const WINDOWS = 3;
const WINDOW_SECONDS = 2;

/** Three windows of two seconds, in the middles of the film's thirds; nothing where that is most of it. */
export function excerptWindows(durationSeconds: number): readonly ExcerptWindow[] {
  if (durationSeconds <= WINDOWS * WINDOW_SECONDS * 1.5) return [];
  return Array.from({ length: WINDOWS }, (_, i) => {
    const startSeconds = (durationSeconds * (i + 0.5)) / WINDOWS - WINDOW_SECONDS / 2;
    return { startSeconds, endSeconds: startSeconds + WINDOW_SECONDS };
  });
}

export const excerptSeconds = (windows: readonly ExcerptWindow[]): number =>
  windows.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);

/** How like the source an enlarged picture is, brought back to the source's size. */
export type Likeness = {
  readonly psnrY: number;
  readonly ssim: number;
  /** Where an ffmpeg at hand has it. */
  readonly xpsnrY: number | undefined;
  /** By how many levels of 255, on average, the difference of a frame differs from that of the frame before. */
  readonly flicker: number;
};

/** What was found of one model. */
export type ModelFigures = Likeness & {
  readonly model: string;
  /** Its film, beside the page. */
  readonly path: string;
  readonly bytes: number;
  /** Of the source as large as it is. */
  readonly framesPerSecond: number;
  readonly usdPerSourceMinute: number;
};

type Pace = {
  readonly frames: number;
  readonly seconds: number;
  /** How many times as many pixels the source has as what was enlarged. */
  readonly larger: number;
  readonly sourceRate: number;
  readonly cores: number;
};

/** Speed and cost for the source's own size, from the round trip's: a network takes its time for each pixel. */
export function paceOf({ frames, seconds, larger, sourceRate, cores }: Pace) {
  const framesPerSecond = frames / seconds / larger;
  return { framesPerSecond, usdPerSourceMinute: costOf(((60 * sourceRate) / framesPerSecond) * cores).usd };
}

/** One moment as the source has it, enlarged by repeating pixels, and as each model has it: PNG in base64. */
export type Still = { readonly seconds: number; readonly source: string; readonly models: readonly string[] };
