import { type LevelReader, STEP_SECONDS } from '../quality/sound-levels.ts';

/** Where a converted sound lies against the sound it was made of. */
export type Placement =
  /** Nothing in it rises or falls: where it lies cannot be told. */
  | { readonly kind: 'untold'; readonly why: string }
  | {
      readonly kind: 'told';
      /** Moments that were compared, ascending, in seconds of the film. */
      readonly places: readonly Place[];
      /** Parts of it that are silent or steady, of: start, middle, end. */
      readonly untold: readonly string[];
    };

export type Place = {
  readonly seconds: number;
  readonly passed: boolean;
  /** By how much the best match is late. */
  readonly lateSeconds: number;
  /** 1 where it rises and falls as its source does, at its time. */
  readonly likeness: number;
};

const steps = (seconds: number) => Math.round(seconds / STEP_SECONDS);

/** What is compared at one place; shorter in short sounds, so that a start, a middle and an end are left. */
const LONGEST_WINDOW = steps(2);
const SHORTEST_WINDOW = steps(0.3);
const PLACES_IN_SHORT = 5;
/** Beginnings and ends tell, so windows reach beyond them. */
const MARGIN = steps(0.1);
const FARTHEST = steps(1);
/** A frame of AAC is 21 ms, and no eye sees that sound is early or late by as much. */
const TOLERANCE = steps(0.02);
const MOST_PLACES_BETWEEN = 30;
const TELLING_DECIBELS = 3;
const LEAST_LIKENESS = 0.6;
/** What repeats itself matches elsewhere as well as in its place, and a little better by chance. */
const BETTER_BY = 0.05;

/**
 * Compares how loud two sounds are over time, at the first and the last moments that tell and at up to thirty between:
 * where the best match within a second is elsewhere, or there is none, it is not in its place. Works for any codec, number
 * of channels and pitch.
 */
export function placeSound(source: LevelReader | undefined, made: LevelReader | undefined): Placement {
  if (!source) return { kind: 'untold', why: 'it is silent' };
  const [begin, end] = [source.first - MARGIN, source.end + MARGIN];
  const length = Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, Math.ceil((end - begin) / PLACES_IN_SHORT)));
  const lastBegin = Math.max(begin, end - length);
  const windows = tellingWindows(source, { begin, lastBegin, length });
  if (windows.length === 0) return { kind: 'untold', why: 'it is steady, and too long for its ends to tell' };
  const places = windows.map((start) => placeOf({ start, length }, source, made));
  const part = (at: number) => Math.min(2, Math.floor((3 * (at - begin)) / (lastBegin - begin + 1)));
  const told = new Set(windows.map(part));
  const untold = ['start', 'middle', 'end'].filter((_, i) => lastBegin > begin + length && !told.has(i));
  return { kind: 'told', places, untold };
}

type Range = { readonly begin: number; readonly lastBegin: number; readonly length: number };

/** Where the first and the last of them begin, and one in each part between. */
function tellingWindows(source: LevelReader, { begin, lastBegin, length }: Range): readonly number[] {
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
  const parts = Math.min(MOST_PLACES_BETWEEN, Math.floor((last - first) / length));
  const border = (i: number) => Math.round(first + (i * (last - first)) / parts);
  const between = Array.from({ length: parts }, (_, i) => seek(border(i), border(i + 1), hop));
  const all = [first, ...between.filter((each) => each !== undefined), last];
  return [...new Set(all)].sort((a, b) => a - b);
}

const stretch = ({ at }: LevelReader, start: number, length: number) =>
  Float64Array.from({ length }, (_, i) => at(start + i));

/** Differences from the mean, and the sum of their squares. */
function spread(values: Float64Array) {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  const differences = values.map((value) => value - mean);
  let square = 0;
  for (const difference of differences) square += difference * difference;
  return { differences, square };
}

function placeOf(
  { start, length }: { readonly start: number; readonly length: number },
  source: LevelReader,
  made: LevelReader | undefined,
): Place {
  const wanted = spread(stretch(source, start, length));
  const likenessAt = made && likenesses(wanted, stretch(made, start - FARTHEST, length + 2 * FARTHEST));
  let [near, best, bestLag] = [0, 0, 0];
  for (let lag = -FARTHEST; likenessAt && lag <= FARTHEST; lag++) {
    const likeness = likenessAt(FARTHEST + lag);
    if (Math.abs(lag) <= TOLERANCE) near = Math.max(near, likeness);
    if (likeness > best) [best, bestLag] = [likeness, lag];
  }
  const passed = near >= LEAST_LIKENESS && near >= best - BETTER_BY;
  return {
    seconds: (start + length / 2) * STEP_SECONDS,
    passed,
    lateSeconds: bestLag * STEP_SECONDS,
    likeness: near,
  };
}

/** Pearson's correlation with each stretch of `values` that is as long, by where it begins. */
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

/** Rounding leaves this much of a stretch that does not change. */
const FLAT = 1e-3;
