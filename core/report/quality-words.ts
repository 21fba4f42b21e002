import type { Manifest, Quality, RenditionRecord } from '../job/manifest.ts';

/** A metric with scores that can be plotted. */
export type PlottedMetric = Exclude<Quality['metric'], 'lossless' | 'identical' | 'unmeasured'>;

type MetricFacts = {
  readonly name: string;
  /** An explanation of the score for readers who do not know the metric. */
  readonly meaning: string;
  readonly digits: number;
  readonly unit: string;
  readonly range: { readonly floor: number; readonly ceiling: number; readonly leastSpan: number };
};

export const METRIC_FACTS: Readonly<Record<PlottedMetric, MetricFacts>> = {
  vmaf: {
    name: 'VMAF',
    meaning: '0 to 100; 100 looks like the source',
    digits: 1,
    unit: '',
    range: { floor: 0, ceiling: 100, leastSpan: 4 },
  },
  xpsnr: {
    name: 'XPSNR',
    meaning: 'decibels; more is closer to the source, 100 is equal to it',
    digits: 1,
    unit: ' dB',
    range: { floor: 0, ceiling: 100, leastSpan: 2 },
  },
  ssim: {
    name: 'SSIM',
    meaning: '0 to 1; 1 is equal to the source',
    digits: 4,
    unit: '',
    range: { floor: -1, ceiling: 1, leastSpan: 0.01 },
  },
};

/** Whether the report has words and a curve for a metric. */
export const isPlotted = (metric: Quality['metric']): metric is PlottedMetric => metric in METRIC_FACTS;

/** Returns a score with its unit: 96.1, 41.3 dB, 0.9871. */
export function scoreText(score: number, metric: PlottedMetric): string {
  const { digits, unit } = METRIC_FACTS[metric];
  return `${score.toFixed(digits)}${unit}`;
}

/** Returns the error of a sampled mean with its unit, rounded up to the digits in which the mean is shown. */
export function errorText(error: number, metric: PlottedMetric): string {
  const { digits, unit } = METRIC_FACTS[metric];
  return `${(Math.ceil(error * 10 ** digits - 1e-9) / 10 ** digits).toFixed(digits)}${unit}`;
}

/** Returns the target of quality, or undefined if it was given in VMAF and another metric was measured. */
export function targetOf({ metric, target }: Quality, settings: Manifest['settings']): number | undefined {
  return metric !== 'vmaf' && target === settings.vmaf ? undefined : target;
}

/** Returns a rendition's quality in one line. */
export function qualityLine({ quality }: RenditionRecord): string {
  const { metric, mean, min, sampledFrames } = quality;
  if (metric === 'lossless') return 'lossless';
  if (metric === 'identical') return 'the source itself';
  if (metric === 'unmeasured' || sampledFrames === 0) return 'not measured';
  return `${METRIC_FACTS[metric].name} ${scoreText(mean, metric)}, at worst ${scoreText(min, metric)}`;
}

/** Returns the sentence that stands in place of a plot, or undefined if there are scores to plot. */
export function insteadOfPlot({ quality, frames }: RenditionRecord, points: number): string | undefined {
  const { metric, mean, min, sampledFrames } = quality;
  if (metric === 'lossless') {
    return `Lossless: all ${count(frames, 'frame')} were decoded and compared with the source's, and every pixel is as it was. There is nothing to plot.`;
  }
  if (metric === 'identical') {
    return "These are the source's own bytes, so not a pixel differs. There is nothing to plot.";
  }
  if (metric === 'unmeasured') return 'Not measured: this page cannot say how close the picture is.';
  const { name } = METRIC_FACTS[metric];
  if (sampledFrames === 0) return `No frame was measured by ${name}: this page cannot say how close the picture is.`;
  if (points > 0) return undefined;
  const scores = `${scoreText(mean, metric)} on average and ${scoreText(min, metric)} at worst`;
  return `${name} is ${scores}, over ${count(sampledFrames, 'frame')}. The scores of single frames were not kept, so there is no plot.`;
}

/** Returns a number with its noun: 1 frame, 1,440 frames. */
export const count = (n: number, thing: string) => `${grouped(n)} ${thing}${n === 1 ? '' : 's'}`;
/** Returns a whole number with commas between groups of three digits. */
export const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
