/**
 * A range of frames that is measured: `frames` frames from `startFrame`. The `lead` frames before it are decoded but
 * not counted.
 */
export type SampleWindow = { readonly startFrame: number; readonly frames: number; readonly lead: number };

export type SampleSampling = {
  /** The share of all frames that is measured, but at least `least` and at most `most` frames. */
  readonly fraction: number;
  readonly least: number;
  readonly most: number;
  /** The number of frames in a window, unless that makes more than `mostWindows` windows. */
  readonly window: number;
  readonly mostWindows: number;
};

/**
 * Sampling for the check of a finished rendition: many short windows. Each costs a seek, which decodes up to a whole
 * GOP.
 */
export const CHECK_SAMPLING: SampleSampling = { fraction: 0.03, least: 48, most: 1440, window: 12, mostWindows: 40 };

/** Sampling for a trial of a CRF: windows long enough for an encoder to settle. */
export const SEARCH_SAMPLING: SampleSampling = { fraction: 0.04, least: 240, most: 1200, window: 60, mostWindows: 12 };

/**
 * Sampling for the finished rendition of a quality target: more frames than the search used, and other ones, since the
 * frames by which a CRF was chosen cannot test it.
 */
const TARGET_SAMPLING: SampleSampling = { fraction: 0.1, least: 480, most: 3600, window: 20, mostWindows: 97 };

/** The sampling of a finished rendition: `thorough` where a quality was asked for. */
export const samplingFor = (thorough: boolean): SampleSampling => (thorough ? TARGET_SAMPLING : CHECK_SAMPLING);

/**
 * VMAF takes the motion of a frame from the frame before it, XPSNR from the two before it. Without them the frame is
 * scored as a still.
 */
const LEAD = 2;

/**
 * Returns windows spread evenly over the file, each in the middle of its share, never overlapping; one window for the
 * whole of a short file.
 */
export function sampleWindows(frameCount: number, sampling: SampleSampling): readonly SampleWindow[] {
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

/** Returns the numbers of all frames in the windows, leads included, in the order in which they are compared. */
export function framesTaken(windows: readonly SampleWindow[]): readonly number[] {
  return windows.flatMap(({ startFrame, frames, lead }) =>
    Array.from({ length: lead + frames }, (_, i) => startFrame - lead + i),
  );
}
