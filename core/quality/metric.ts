import type { Size } from '../film/frame-size.ts';
import { bitDepth } from '../film/pixel-format.ts';
import type { RawPixelFormat } from '../film/raw-formats.ts';

/** The metrics of quality, the best first. */
export const METRICS = ['vmaf', 'xpsnr', 'ssim'] as const;
export type Metric = (typeof METRICS)[number];
/** Whether this is the name of a metric that is measured here. */
export const isMetric = (name: string): name is Metric => METRICS.some((metric) => metric === name);

/** The filter of ffmpeg that measures each metric. */
export const FILTER_OF = { vmaf: 'libvmaf', xpsnr: 'xpsnr', ssim: 'ssim' } as const satisfies Record<Metric, string>;

/** The score of a frame that equals its reference. For XPSNR it would be infinite, and is limited to this. */
export const PERFECT = { vmaf: 100, xpsnr: 100, ssim: 1 } as const satisfies Record<Metric, number>;

/** Returns a score with as many digits as tell two encodes apart: 96.12, 41.30, 0.9871. */
export const scoreDigits = (metric: Metric, score: number): string => score.toFixed(metric === 'ssim' ? 4 : 2);

/** libvmaf 2.3 crashes below 17 lines or columns, and xpsnr of ffmpeg 7.1 divides by 0 below 45x45. */
const SMALLEST_SIDE = 64;

/**
 * How many pixels a picture has in which XPSNR's blocks are 16 columns wide: that of ffmpeg 7.1 adds up narrower ones wrong by AVX2 where
 * samples have more than 8 bits.
 */
const FEWEST_FOR_XPSNR = 100_000;

/** Returns the metrics that work for pictures of this size, the best first. SSIM works for any size. */
export function metricsFor({ width, height }: Size): readonly Metric[] {
  if (Math.min(width, height) < SMALLEST_SIDE) return ['ssim'];
  return METRICS.filter((metric) => metric !== 'xpsnr' || width * height >= FEWEST_FOR_XPSNR);
}

/** Says why a picture of this size was not measured by VMAF. */
export const withoutVmaf = (size: Size): string =>
  metricsFor(size).includes('vmaf')
    ? 'no ffmpeg here measures VMAF of this film'
    : `VMAF is not measured of pictures with fewer than ${SMALLEST_SIDE} lines or columns`;

/**
 * SSIM looks at blocks of 8x8 samples and gives no number for a plane that is smaller. Chroma planes may have half as
 * many lines and columns.
 */
const SMALLEST_FOR_SSIM = 16;

/** Returns how many times each pixel is repeated before a comparison: 1, except for tiny pictures. */
export const magnification = ({ width, height }: Size): number =>
  Math.ceil(SMALLEST_FOR_SSIM / Math.min(SMALLEST_FOR_SSIM, width, height));

/**
 * Returns the VMAF model for a size. Netflix publishes one for pictures up to 1080p on a television, and one for 4K.
 */
export function vmafModel({ width, height }: Size): string {
  return Math.max(width, height) > 2560 ? 'vmaf_4k_v0.6.1' : 'vmaf_v0.6.1';
}

const MOST_BITS = 12;
const CHROMAS = ['420', '422', '444'] as const;

/**
 * Returns the pixel format in which two pictures are compared: the chroma of the rendition, the greater bit depth of
 * the two. Metrics need luma and chroma planes, so RGB is compared as 4:4:4, and grey gets empty chroma.
 */
export function comparedFormat(source: string, rendition: string): RawPixelFormat {
  const depth = Math.min(MOST_BITS, Math.max(bitDepth(source), bitDepth(rendition)));
  const said = /yuvj?(\d+)/.exec(rendition)?.[1] ?? (rendition.startsWith('gbr') ? '444' : '420');
  const chroma = CHROMAS.find((each) => each === said) ?? '420';
  return `yuv${chroma}p${depth <= 8 ? '' : depth <= 10 ? '10le' : '12le'}`;
}
