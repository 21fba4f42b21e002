import { x265Seconds } from '../dispatch/route.ts';
import type { Job } from '../job/job.ts';
import type { Manifest } from '../job/manifest.ts';
import type { Needs } from '../job/needs.ts';
import type { Figure } from '../ports/meter.ts';

/**
 * Returns the cost of a finished job, and how many times as long its encoding took as planned for its pixels. The
 * second figure is only given if all of it was encoded in this job, by x265, on a machine of known size.
 */
export function jobFigures(
  { usage }: Job,
  { preset }: Needs,
  { renditions, cost, timings }: Manifest,
): readonly Figure[] {
  const usd: Figure = { name: 'EstimatedUsd', value: cost.estimatedUsd };
  const isComparable = renditions.every(
    ({ codec, segments }) => codec === 'hevc' && segments.encoded === segments.total,
  );
  const pixels = renditions.reduce((sum, { width, height, frames }) => sum + width * height * frames, 0);
  if (!usage || !isComparable || pixels === 0) return [usd];
  const planned = x265Seconds({ pixels, preset, cores: usage.vcpu });
  return [usd, { name: 'SlowerThanPlanned', value: timings.encode / planned }];
}
