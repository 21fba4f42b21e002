import type { Size } from '../film/frame-size.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Closeness } from './closeness.ts';
import { inStep } from './in-step.ts';
import { type Metric, scoreDigits } from './metric.ts';
import type { SampleWindow } from './sample.ts';
import { meansOf } from './sample-error.ts';
import type { PlaneErrors } from './score-logs.ts';
import { type FrameScore, summaryOf } from './score-summary.ts';

/**
 * The scores below which no working encode falls, however difficult its source: the mean of all frames, and the mean of
 * any one window.
 */
type Floor = { readonly mean: number; readonly window: number };

/**
 * Measured: the lowest scores of x265 at CRF 28, ultrafast, were VMAF 65, XPSNR 24 and SSIM 0.60, all on sources full
 * of noise; ordinary sources stay above 72, 30 and 0.84.
 */
const FLOORS = {
  vmaf: { mean: 50, window: 25 },
  xpsnr: { mean: 20, window: 15 },
  ssim: { mean: 0.5, window: 0.3 },
} as const satisfies Record<Metric, Floor>;

/**
 * The floors beyond CRF 28. Measured of ten sources at CRF 34 and 40, ultrafast and medium (noise, grain, cellular automata,
 * test pictures, film): the lowest mean was VMAF 15.9, the lowest PSNR of a plane 10.8 dB, of means over areas 34.1 dB.
 */
const COARSEST_FLOORS = {
  vmaf: { mean: 8, window: 3 },
  xpsnr: { mean: 8, window: 5 },
  ssim: { mean: 0.25, window: 0.1 },
} as const satisfies Record<Metric, Floor>;

export type QualityMeasurement = {
  readonly metric: Metric;
  readonly windows: readonly SampleWindow[];
  readonly scores: readonly FrameScore[];
  readonly closeness: Closeness | undefined;
  /** The size at which source and rendition were compared. */
  readonly size: Size;
  /** True if the source or the rendition had to be scaled to that size. */
  readonly isScaled?: boolean;
  /** The CRF of the encode; undefined for codecs that have none. */
  readonly crf?: number | undefined;
};

/**
 * Returns the checks that a rendition shows what its source shows, when it shows it. A floor for the score alone would
 * pass a rendition that is one frame late.
 */
export function qualityChecks(measured: QualityMeasurement): readonly Check[] {
  const { closeness, size, scores, crf = USUAL_CRF } = measured;
  return [
    aboveFloor(measured),
    ...(closeness ? closenessChecks(closeness, { ...size, frames: scores.length }, crf) : []),
  ];
}

const closenessChecks = (
  closeness: Closeness,
  size: Size & { readonly frames: number },
  crf: number,
): readonly Check[] => [
  planes(closeness, crf),
  ...(size.width * size.height < LEAST_PIXELS ? [] : [levelsOf(closeness, crf)]),
  inStep(closeness, size),
];

/** The CRF up to which the usual limits hold. A coarser encode has those that were measured at CRF 40: film grain falls at once. */
const USUAL_CRF = 28;

const limitAt = <T>(crf: number, [usual, coarsest]: readonly [T, T]): T => (crf <= USUAL_CRF ? usual : coarsest);

function aboveFloor({ metric, windows, scores, size, isScaled, crf = USUAL_CRF }: QualityMeasurement): Check {
  const floor = limitAt<Floor>(crf, [FLOORS[metric], COARSEST_FLOORS[metric]]);
  const { mean, min } = summaryOf(scores);
  const worst = Math.min(...windows.flatMap((window) => meansOf(window, scores)));
  const figures = `${metric} ${scoreDigits(metric, mean)} on average, ${scoreDigits(metric, worst)} in the worst window, ${scoreDigits(metric, min)} in the worst frame`;
  return check(
    'quality above the floor',
    mean >= floor.mean && worst >= floor.window,
    `${figures}, over ${scores.length} frames${isScaled ? `, compared at ${size.width}x${size.height}, the larger picture scaled down` : ''}; the floor is ${floor.mean}, and ${floor.window} for a window`,
  );
}

/**
 * VMAF looks at luma alone, and mostly at detail: a picture in wrong colours gets full marks. So each plane needs this
 * PSNR, in dB.
 */
const LOWEST_PSNR = [20, 9] as const;
/**
 * A full range taken for a limited one moves black and white by 16 and 20 of 255, while a correct encode keeps the
 * means of areas (docs/quality.md).
 */
const LOWEST_LEVELS_PSNR = [34, 31] as const;
/** In smaller pictures an area has too few pixels to average the error of the encoder out. */
const LEAST_PIXELS = 64 * 48;

const planes = ({ same }: Closeness, crf: number): Check =>
  nearEnough('colours match the source', 'PSNR', same, limitAt(crf, LOWEST_PSNR));

const levelsOf = ({ levels }: Closeness, crf: number): Check =>
  nearEnough('levels match the source', 'PSNR of means over areas', levels, limitAt(crf, LOWEST_LEVELS_PSNR));

function nearEnough(
  name: 'colours match the source' | 'levels match the source',
  what: string,
  { y, u, v }: PlaneErrors,
  least: number,
): Check {
  const psnr = (error: number) => 10 * Math.log10(255 ** 2 / Math.max(error, 1e-4));
  const values = { luma: psnr(y), Cb: psnr(u), Cr: psnr(v) };
  const detail = Object.entries(values).map(([plane, value]) => `${plane} ${value.toFixed(1)} dB`);
  return check(
    name,
    Object.values(values).every((value) => value >= least),
    `${what} ${detail.join(', ')}; none may be below ${least} dB`,
  );
}
