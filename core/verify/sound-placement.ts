import { type LevelReader, STEP_SECONDS } from '../quality/sound-levels.ts';

/** The position of a converted sound in time against its source. */
export type Placement =
  /** Its position cannot be found; `why` says the reason. */
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'compared';
      /** The compared moments, in ascending order. */
      readonly moments: readonly SoundMoment[];
      /** The parts that are silent or steady, of: start, middle, end. */
      readonly steadyParts: readonly string[];
    };

/** The comparison of one moment of a converted sound with its source. */
type SoundMoment = {
  /** The moment, in seconds of the film. */
  readonly seconds: number;
  readonly passed: boolean;
  /** How late it is: the best match within the tolerance where that suffices, or else within a second; negative where it is early. */
  readonly lateSeconds: number;
  /** Pearson's correlation of the loudness with the source's, within the tolerance of its time. */
  readonly likeness: number;
};

const steps = (seconds: number) => Math.round(seconds / STEP_SECONDS);

/** The length of one comparison; shorter in short sounds, so that start, middle and end are compared. */
const LONGEST_WINDOW = steps(2);
const SHORTEST_WINDOW = steps(0.3);
const WINDOWS_IN_SHORT_SOUND = 5;
/** The loudness changes at the beginning and at the end, so windows reach this far beyond them. */
const MARGIN = steps(0.1);
const FARTHEST = steps(1);
/** A frame of AAC lasts 21 ms, and nobody notices that sound is early or late by that much. */
const TOLERANCE_SECONDS = 0.02;
const MOST_MOMENTS_BETWEEN = 30;
/** The smallest standard deviation of the loudness with which a window can be compared. */
const TELLING_DECIBELS = 3;
const LEAST_LIKENESS = 0.6;
/** Repeating sound matches at other times too, and by chance up to this much better. */
const BETTER_BY = 0.05;

/**
 * Compares the loudness of two sounds over time, at the first and the last moment where it changes and at up to thirty
 * moments between. A moment fails where the best match within a second is elsewhere, or nothing matches. This works for any
 * codec, number of channels and pitch. `waverSeconds` is how much the source's samples themselves are off their times.
 */
export function placeSound(
  source: LevelReader | undefined,
  made: LevelReader | undefined,
  waverSeconds = 0,
): Placement {
  if (!source) return { kind: 'unknown', why: 'it is silent' };
  const [begin, end] = [source.first - MARGIN, source.end + MARGIN];
  const length = Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, Math.ceil((end - begin) / WINDOWS_IN_SHORT_SOUND)));
  const lastBegin = Math.max(begin, end - length);
  const windows = tellingWindows(source, { begin, lastBegin, length });
  if (windows.length === 0) return { kind: 'unknown', why: 'its loudness never changes' };
  const tolerance = steps(Math.max(TOLERANCE_SECONDS, waverSeconds));
  const moments = windows.map((start) => compare({ start, length, tolerance }, source, made));

  const part = (at: number) => Math.min(2, Math.floor((3 * (at - begin)) / (lastBegin - begin + 1)));
  const compared = new Set(windows.map(part));
  const steadyParts = ['start', 'middle', 'end'].filter((_, i) => lastBegin > begin + length && !compared.has(i));
  return { kind: 'compared', moments, steadyParts };
}

/** Returns where windows with changing loudness begin: the first one, the last one, and one in each part between. */
function tellingWindows(
  source: LevelReader,
  { begin, lastBegin, length }: { readonly begin: number; readonly lastBegin: number; readonly length: number },
): readonly number[] {
  const hop = Math.ceil(length / 2);
  const isTelling = (start: number) =>
    Math.sqrt(spread(stretch(source, start, length)).square / length) >= TELLING_DECIBELS;
  const seek = (from: number, to: number, by: number) => {
    for (let at = from; by > 0 ? at <= to : at >= to; at += by) if (isTelling(at)) return at;
    return undefined;
  };
  const first = seek(begin, lastBegin, hop);
  const last = seek(lastBegin, first ?? begin, -hop);
  if (first === undefined || last === undefined) return [first, last].filter((each) => each !== undefined);
  const parts = Math.min(MOST_MOMENTS_BETWEEN, Math.floor((last - first) / length));
  const border = (i: number) => Math.round(first + (i * (last - first)) / parts);
  const between = Array.from({ length: parts }, (_, i) => seek(border(i), border(i + 1), hop));
  const all = [first, ...between.filter((each) => each !== undefined), last];
  return [...new Set(all)].sort((a, b) => a - b);
}

const stretch = ({ at }: LevelReader, start: number, length: number) =>
  Float64Array.from({ length }, (_, i) => at(start + i));

/** Returns the differences from the mean, and the sum of their squares. */
function spread(values: Float64Array) {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  const differences = values.map((value) => value - mean);
  let square = 0;
  for (const difference of differences) square += difference * difference;
  return { differences, square };
}

function compare(
  { start, length, tolerance }: { readonly start: number; readonly length: number; readonly tolerance: number },
  source: LevelReader,
  made: LevelReader | undefined,
): SoundMoment {
  const wanted = spread(stretch(source, start, length));
  const likenessAt = made && likenesses(wanted, stretch(made, start - FARTHEST, length + 2 * FARTHEST));
  let [near, nearLag, best, bestLag] = [0, 0, 0, 0];
  for (let lag = -FARTHEST; likenessAt && lag <= FARTHEST; lag++) {
    const likeness = likenessAt(FARTHEST + lag);
    if (Math.abs(lag) <= tolerance && likeness > near) [near, nearLag] = [likeness, lag];
    if (likeness > best) [best, bestLag] = [likeness, lag];
  }
  const passed = near >= LEAST_LIKENESS && near >= best - BETTER_BY;
  return {
    seconds: (start + length / 2) * STEP_SECONDS,
    passed,
    lateSeconds: (passed ? nearLag : bestLag) * STEP_SECONDS,
    likeness: near,
  };
}

/** Returns a function that gives Pearson's correlation with the stretch of `values` that begins at an index. */
function likenesses({ differences, square }: ReturnType<typeof spread>, values: Float64Array) {
  const { length } = differences;
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = (sums[i] ?? 0) + value;
    squares[i + 1] = (squares[i] ?? 0) + value * value;
  });
  return (from: number): number => {
    const sum = (sums[from + length] ?? 0) - (sums[from] ?? 0);
    const own = (squares[from + length] ?? 0) - (squares[from] ?? 0) - (sum * sum) / length;
    if (own < FLAT) return 0;
    let product = 0;
    for (let i = 0; i < length; i++) product += (differences[i] ?? 0) * (values[from + i] ?? 0);
    return product / Math.sqrt(square * own);
  };
}

/** Rounding errors leave up to this sum of squares in a stretch that does not change. */
const FLAT = 1e-3;
