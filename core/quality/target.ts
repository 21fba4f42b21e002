import { AV1_BOUNDS } from '../settings/crf-scale.ts';
import type { CrfRange, Target } from './crf-search.ts';
import type { Metric } from './metric.ts';

/**
 * Scores of other metrics that come closest to a VMAF: medians of five real clips at CRF 19-33. Clips differ by up to 3
 * dB and 0.01 either way, so a target in VMAF is only exact where libvmaf is available.
 */
const EQUIVALENTS = [
  { vmaf: 70, xpsnr: 28, ssim: 0.935 },
  { vmaf: 80, xpsnr: 30, ssim: 0.958 },
  { vmaf: 85, xpsnr: 31, ssim: 0.968 },
  { vmaf: 90, xpsnr: 33.2, ssim: 0.981 },
  { vmaf: 95, xpsnr: 38.5, ssim: 0.988 },
  { vmaf: 99, xpsnr: 44, ssim: 0.998 },
] as const;

/**
 * The tolerance of each metric, and how much one CRF changes it on ordinary film, from the same measurement. What a VMAF has
 * less than 100 grows by 9 % with each CRF, in seven clips by 5 to 13 %: of those in docs/quality.md it is 9.4 at CRF 23 and
 * 14.8 at 28, and 7.4 and 14.5.
 */
const SCALES = {
  vmaf: { tolerance: 0.3, typicalFall: 0.09, nears100: true },
  xpsnr: { tolerance: 0.2, typicalFall: 0.5 },
  ssim: { tolerance: 0.0005, typicalFall: 0.0015 },
} as const satisfies Record<Metric, Omit<Target, 'score' | 'range'>>;

/** The CRFs of SVT-AV1. Those of about the same quality as the recommended ones of x265 are 31-43; one is worth 4 % of a file's size. */
const AV1_RANGE: CrfRange = { lowest: AV1_BOUNDS[0], highest: AV1_BOUNDS[1], first: 36, span: 12, step: 1 };

/** How many of SVT-AV1's CRFs are worth one of x265's: with each, what is missing of VMAF 100 grows by 4 to 7 % in six clips. */
const AV1_PER_CRF = 1.8;

/** Returns the target for a quality given in VMAF, converted to the metric that will measure it. */
export function targetFor(metric: Metric, vmaf: number, isAv1 = false): Target {
  const target = { score: metric === 'vmaf' ? vmaf : equivalent(metric, vmaf), ...SCALES[metric] };
  return isAv1 ? { ...target, typicalFall: target.typicalFall / AV1_PER_CRF, range: AV1_RANGE } : target;
}

function equivalent(metric: 'xpsnr' | 'ssim', vmaf: number): number {
  const above = EQUIVALENTS.find((row) => row.vmaf >= vmaf) ?? EQUIVALENTS[EQUIVALENTS.length - 1];
  const below = EQUIVALENTS.findLast((row) => row.vmaf <= vmaf) ?? EQUIVALENTS[0];
  if (!above || above.vmaf === below.vmaf) return below[metric];
  const share = (vmaf - below.vmaf) / (above.vmaf - below.vmaf);
  return below[metric] + share * (above[metric] - below[metric]);
}
