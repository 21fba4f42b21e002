import type { Size } from '../film/frame-size.ts';
import { bitDepth } from '../film/pixel-format.ts';

/** How likeness is measured, the best first. */
export const METRICS = ['vmaf', 'xpsnr', 'ssim'] as const;
export type Metric = (typeof METRICS)[number];
export const isMetric = (name: string): name is Metric => METRICS.some((metric) => metric === name);

/** ffmpeg's filter for it. */
export const FILTER_OF = { vmaf: 'libvmaf', xpsnr: 'xpsnr', ssim: 'ssim' } as const satisfies Record<Metric, string>;

/** The score of a frame that equals its reference. XPSNR's would be infinite, and is held at this. */
export const PERFECT = { vmaf: 100, xpsnr: 100, ssim: 1 } as const satisfies Record<Metric, number>;

/** A score with as many digits as tell two encodes apart: 96.12, 41.30, 0.9871. */
export const scoreDigits = (metric: Metric, score: number): string => score.toFixed(metric === 'ssim' ? 4 : 2);

/** libvmaf 2.3 crashes below 17 lines or columns, ffmpeg 7.1's xpsnr divides by 0 below 45x45. */
const SMALLEST_SIDE = 64;

/** The metrics that can be had for pictures of this size, the best first; SSIM for any. */
export function metricsFor({ width, height }: Size): readonly Metric[] {
  return Math.min(width, height) < SMALLEST_SIDE ? ['ssim'] : METRICS;
}

/** SSIM looks at 8x8 samples of every plane, and gives no number for a plane that has fewer; of chroma there may be half. */
const SMALLEST_FOR_SSIM = 16;

/** How many times as large a picture is compared: once, but for tiny ones. */
export const magnification = ({ width, height }: Size): number =>
  Math.ceil(SMALLEST_FOR_SSIM / Math.min(SMALLEST_FOR_SSIM, width, height));

/** Netflix has one model for pictures up to 1080p on a television, and one for 4K. */
export function vmafModel({ width, height }: Size): string {
  return Math.max(width, height) > 2560 ? 'vmaf_4k_v0.6.1' : 'vmaf_v0.6.1';
}

const MOST_BITS = 12;

/**
 * The layout in which two pictures are compared: the rendition's chroma, the finer depth of the two. Metrics want
 * luma and chroma in planes, so RGB is compared as 4:4:4, and grey with empty chroma.
 */
export function comparedFormat(source: string, rendition: string): string {
  const depth = Math.min(MOST_BITS, Math.max(bitDepth(source), bitDepth(rendition)));
  const chroma = /yuvj?(420|422|444)/.exec(rendition)?.[1] ?? (rendition.startsWith('gbr') ? '444' : '420');
  return `yuv${chroma}p${depth <= 8 ? '' : depth <= 10 ? '10le' : '12le'}`;
}
