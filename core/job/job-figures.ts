import type { Manifest } from '../manifest.ts';
import type { Figure } from '../ports/meter.ts';
import type { Job } from './job.ts';
import type { Needs } from './needs.ts';
import { x265Seconds } from './route.ts';

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
