/** Frames to be measured: `frames` from `startFrame`, and `lead` before them that are looked at but not counted. */
export type SampleWindow = { readonly startFrame: number; readonly frames: number; readonly lead: number };

export type Sampling = {
  /** Of all frames, but at least `least` and at most `most`. */
  readonly fraction: number;
  readonly least: number;
  readonly most: number;
  /** A window's length, while that does not make more than `mostWindows`. */
  readonly window: number;
  readonly mostWindows: number;
};

/** For the check of a finished rendition: many short looks. Each costs a seek, which decodes up to a whole GOP. */
export const CHECK_SAMPLING: Sampling = { fraction: 0.03, least: 48, most: 1440, window: 12, mostWindows: 40 };

/** For trying out a CRF: stretches long enough for an encoder to settle in. */
export const SEARCH_SAMPLING: Sampling = { fraction: 0.04, least: 240, most: 1200, window: 60, mostWindows: 12 };

/**
 * For the finished rendition of a quality target: more frames than the search saw, and others, since what they were
 * chosen by cannot test them.
 */
export const TARGET_SAMPLING: Sampling = { fraction: 0.1, least: 480, most: 3600, window: 20, mostWindows: 97 };

/** VMAF takes a frame's motion from the frame before it, XPSNR from the two before; without, it reads as standing still. */
const LEAD = 2;

/** Windows spread evenly, each in the middle of its share of the file, never overlapping; the whole of a short file. */
export function sampleWindows(frameCount: number, sampling: Sampling): readonly SampleWindow[] {
  const { fraction, least, most, window, mostWindows } = sampling;
  const wanted = Math.round(Math.min(most, Math.max(least, frameCount * fraction)));
  if (frameCount <= 2 * wanted) return frameCount > 0 ? [{ startFrame: 0, frames: frameCount, lead: 0 }] : [];
  const count = Math.min(mostWindows, Math.ceil(wanted / window));
  return Array.from({ length: count }, (_, i) => {
    const frames = Math.floor(((i + 1) * wanted) / count) - Math.floor((i * wanted) / count);
    const middle = ((i + 0.5) * frameCount) / count;
    return { startFrame: Math.round(middle - frames / 2), frames, lead: LEAD };
  });
}

export const framesIn = (windows: readonly SampleWindow[]) => windows.reduce((sum, { frames }) => sum + frames, 0);

/** The numbers of the frames that windows take, each window's lead included, in the order in which they are compared. */
export function framesTaken(windows: readonly SampleWindow[]): readonly number[] {
  return windows.flatMap(({ startFrame, frames, lead }) =>
    Array.from({ length: lead + frames }, (_, i) => startFrame - lead + i),
  );
}
