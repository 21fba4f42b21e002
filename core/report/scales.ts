import { clock } from '../format.ts';

/** The two ends of an axis and its ticks, which may lie on the ends. */
export type Scale = { readonly from: number; readonly to: number; readonly ticks: readonly Tick[] };
type Tick = { readonly at: number; readonly label: string };

type ValueRange = {
  /** The ends of the axis stay within these limits: the lowest and the highest score of the metric. */
  readonly floor: number;
  readonly ceiling: number;
  /** The axis covers at least this range, so that a flat curve is not magnified. */
  readonly leastSpan: number;
};

const STEPS_WANTED = 4;

/** Returns a scale with round numbers that covers the values, with room below for a label. */
export function valueScale(values: readonly number[], { floor, ceiling, leastSpan }: ValueRange): Scale {
  const low = Math.min(ceiling, ...values);
  const high = Math.max(floor, ...values);
  const missing = Math.max(0, leastSpan - (high - low));
  const top = Math.min(ceiling, high + missing / 2);
  const bottom = Math.min(low - 0.12 * (top - low), top - leastSpan);
  const step = roundStep((top - bottom) / STEPS_WANTED);
  const first = Math.floor(Math.max(floor, bottom) / step + 1e-6);
  const last = Math.ceil(Math.min(ceiling, top) / step - 1e-6);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const label = ((first + i) * step).toFixed(digits);
    return { at: Number(label), label };
  });
  return { from: ticks[0]?.at ?? floor, to: ticks.at(-1)?.at ?? ceiling, ticks };
}

/** Rounds up to the next of 1, 2, 5, 10, 20, 50 ... */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return step * power;
}

const TIME_STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600,
  43_200, 86_400,
];
const MOST_TIME_STEPS = 8;

/** Returns a scale with ticks at round times; it ends where the film ends. */
export function timeScale(from: number, to: number): Scale {
  const end = to > from ? to : from + 1;
  const wanted = (end - from) / MOST_TIME_STEPS;
  const step = TIME_STEPS.find((each) => each >= wanted) ?? 86_400 * Math.ceil(wanted / 86_400);
  const first = Math.ceil(from / step - 1e-6);
  const count = Math.floor(end / step + 1e-6) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => {
    const at = Number(((first + i) * step).toFixed(2));
    return { at, label: clock(at, step) };
  });
  return { from, to: end, ticks };
}

/** Returns the position of a value between the ends, in percent. */
export const percentAt = (value: number, { from, to }: Scale) => (100 * (value - from)) / (to - from);

/** Returns a percentage as CSS and SVG take it. */
export const percentText = (percent: number) => `${Number(percent.toFixed(2))}%`;
