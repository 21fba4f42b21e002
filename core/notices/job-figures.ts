import { x265Seconds } from '../dispatch/route.ts';
import type { Job } from '../job/job.ts';
import type { Manifest } from '../job/manifest.ts';
import type { Needs } from '../job/needs.ts';
import type { Figure } from '../ports/meter.ts';

/**
 * What a finished job cost, and how many times as long its encoding took as its pixels let expect. The latter only where
 * all of it was encoded anew, by x265, on a machine whose size is known.
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
