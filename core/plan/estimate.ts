import type { Preset } from '../recipes/settings.ts';

/** What work will take: seconds here, bytes of disk at the most, and what it would cost on Fargate Spot. */
export type Estimate = {
  readonly seconds: number;
  readonly diskBytes: number;
  readonly usd: number;
  readonly vcpuHours: number;
};

/** libx265 at 1080p, million pixels a second and vCPU, by preset: docs/benchmarks.md, "speed by preset". */
const MEGAPIXELS_PER_VCPU_SECOND: Readonly<Record<Preset, number>> = {
  ultrafast: 40,
  superfast: 31,
  veryfast: 21,
  faster: 20,
  fast: 17,
  medium: 13,
  slow: 5,
  slower: 1.2,
  veryslow: 0.7,
};

/** Bits a pixel of x265 at CRF 25 on camera pictures; six CRF steps halve it. */
const BITS_PER_PIXEL_AT_25 = 0.06;

/** AWS Fargate Spot, Linux/x86, us-east-1, USD an hour, as listed in 2026-08: a vCPU, and a GiB of memory. */
export const FARGATE_SPOT = {
  vcpuHour: 0.012144,
  gibHour: 0.0013335,
  gibPerVcpu: 2,
  basis: 'Fargate Spot, us-east-1, 2026-08',
} as const;

export function estimateX265(work: {
  readonly pixels: number;
  readonly preset: Preset;
  readonly crf: number | 'lossless';
  readonly cores: number;
}): Estimate {
  const cpuSeconds = work.pixels / (MEGAPIXELS_PER_VCPU_SECOND[work.preset] * 1e6);
  const bitsPerPixel = work.crf === 'lossless' ? 4 : BITS_PER_PIXEL_AT_25 * 2 ** ((25 - work.crf) / 6);
  const outputBytes = (work.pixels * bitsPerPixel) / 8;
  return {
    seconds: cpuSeconds / work.cores,
    diskBytes: Math.round(2 * outputBytes), // the pieces, and the file they are joined into
    ...costOf(cpuSeconds),
  };
}

/** What so much CPU time costs on Fargate Spot. */
export function costOf(cpuSeconds: number): { readonly usd: number; readonly vcpuHours: number } {
  const vcpuHours = cpuSeconds / 3600;
  return { vcpuHours, usd: vcpuHours * (FARGATE_SPOT.vcpuHour + FARGATE_SPOT.gibPerVcpu * FARGATE_SPOT.gibHour) };
}
