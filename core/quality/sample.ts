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
  /** A short file is measured by less than `least`: by this share, in no fewer windows than stand here, each of its full length. */
  readonly ofShort?: { readonly fraction: number; readonly windows: number };
  /** Whether the whole of a short file is cut into windows, so that their scores can be compared. */
  readonly cutsWhole?: true;
};

/**
 * Sampling for the check of a finished rendition: many short windows. Each costs a seek, which decodes up to a whole
 * GOP.
 */
export const CHECK_SAMPLING: SampleSampling = {
  ...{ fraction: 0.03, least: 48, most: 1440, window: 12, mostWindows: 40 },
  cutsWhole: true,
};

/**
 * Sampling for a trial of a CRF: windows of a keyframe and two whole groups of 16 pictures, into which SVT-AV1 divides a film, and
 * as many of them as can be. Such windows scored within 0.15 of what the same frames scored in the whole film in three clips of
 * four, and 0.4 above in the other (windows of 24 frames: 0.3 to 1.0 above), while the parts of a film differ by one VMAF and more.
 */
export const SEARCH_SAMPLING: SampleSampling = {
  ...{ fraction: 0.04, least: 240, most: 1320, window: 33, mostWindows: 40 },
  ofShort: { fraction: 0.12, windows: 2 },
};

/**
 * Sampling for the finished rendition of a quality target: more frames than the search used, and other ones, since the
 * frames by which a CRF was chosen cannot test it.
 */
const TARGET_SAMPLING: SampleSampling = {
  ...{ fraction: 0.1, least: 480, most: 3600, window: 20, mostWindows: 97 },
  cutsWhole: true,
};

/**
 * Returns that every so manyth of the measured frames gets a VMAF, which costs as much CPU time as half of an encode. Frames
 * differ by their kind: encoders lay them out in groups of 4 or 5 (x265) and of 16 (SVT-AV1), so neither number divides those.
 */
export function scoredEvery(windows: readonly SampleWindow[]): number {
  const frames = framesIn(windows);
  return frames > FEW ? 7 : scoredOfTrial(frames);
}

/** Up to this many measured frames, every seventh would be too few of them. */
const FEW = 240;
/** Where fewer frames than this are measured, each has a score. */
const FEWEST = 48;

/** Every so many frames of a trial get a score; a trial has few windows of few frames. */
export const scoredOfTrial = (frames: number): number => (frames < FEWEST ? 1 : 3);

/** The sampling of a finished rendition: `thorough` where a quality was asked for. */
export const samplingFor = (thorough: boolean): SampleSampling => (thorough ? TARGET_SAMPLING : CHECK_SAMPLING);

/**
 * VMAF takes the motion of a frame from the frame before it, XPSNR from the two before it. Without them the frame is
 * scored as a still.
 */
const LEAD = 2;

/**
 * Returns what is scored of the window of a trial: not its first frames, before which its piece shows no motion, unless the
 * film begins with them.
 */
export const comparedOfTrial = ({ startFrame, frames }: SampleWindow): SampleWindow =>
  startFrame === 0 || frames < FEWEST / 2
    ? { startFrame, frames, lead: 0 }
    : { startFrame: startFrame + LEAD, frames: frames - LEAD, lead: LEAD };

/**
 * Returns windows spread evenly over the file, each in the middle of its share, never overlapping; the whole of a short
 * file, in one window or in many side by side.
 */
export function sampleWindows(frameCount: number, sampling: SampleSampling): readonly SampleWindow[] {
  const { fraction, most, window, mostWindows } = sampling;
  const wanted = inWindows(Math.min(most, Math.max(leastOf(frameCount, sampling), frameCount * fraction)), sampling);
  if (frameCount <= 2 * wanted) return wholeOf(frameCount, sampling.cutsWhole ? window : frameCount);
  const count = Math.min(mostWindows, Math.ceil(wanted / window));
  return Array.from({ length: count }, (_, i) => {
    const frames = Math.floor(((i + 1) * wanted) / count) - Math.floor((i * wanted) / count);
    const middle = ((i + 0.5) * frameCount) / count;
    return { startFrame: Math.round(middle - frames / 2), frames, lead: LEAD };
  });
}

const leastOf = (frameCount: number, { least, ofShort }: SampleSampling): number =>
  ofShort ? Math.min(least, frameCount * ofShort.fraction) : least;

const inWindows = (frames: number, { window, ofShort }: SampleSampling): number =>
  ofShort ? window * Math.max(ofShort.windows, Math.round(frames / window)) : Math.round(frames);

/** Returns windows of so many frames side by side; the last one takes in what is left over. */
function wholeOf(frameCount: number, window: number): readonly SampleWindow[] {
  const count = Math.min(frameCount, Math.max(1, Math.floor(frameCount / window)));
  return Array.from({ length: count }, (_, i) => {
    const startFrame = i * window;
    return { startFrame, frames: (i + 1 < count ? startFrame + window : frameCount) - startFrame, lead: 0 };
  });
}

/** Returns the number of frames in the windows, without their leads. */
export const framesIn = (windows: readonly SampleWindow[]) => windows.reduce((sum, { frames }) => sum + frames, 0);

/** Returns the numbers of all frames in the windows, leads included, in the order in which they are compared. */
export function framesTaken(windows: readonly SampleWindow[]): readonly number[] {
  return windows.flatMap(({ startFrame, frames, lead }) =>
    Array.from({ length: lead + frames }, (_, i) => startFrame - lead + i),
  );
}
