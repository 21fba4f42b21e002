import { failureNamed } from '../errors.ts';
import type { Manifest } from '../manifest.ts';
import type { Notice } from '../ports/notifier.ts';
import type { Job, JobState } from './job.ts';

type Told = Pick<Job, 'id' | 'recipe' | 'source'>;

/** What people want to know of a finished job: how much smaller, how good, what it cost, where it is. */
export function doneNotice(job: Told, manifest: Manifest, link: string): Notice {
  const { source, renditions, cost, timings, deferred = [] } = manifest;
  const bytes = renditions.reduce((sum, rendition) => sum + rendition.bytes, 0);
  const [first] = renditions;
  return {
    ...about(job),
    kind: 'done',
    summary:
      renditions.length === 0
        ? `${job.source} is planned: its renditions wait until they are asked for`
        : `${job.source} is done: ${sizeText(source.bytes)} became ${sizeText(bytes)} (${changeText(source.bytes, bytes)})`,
    details: {
      files: renditions.map(({ path }) => path).join(', '),
      ...(deferred.length > 0 && { waiting: deferred.map(({ name }) => name).join(', ') }),
      ...(first && {
        quality: `${first.quality.metric} ${rounded(first.quality.mean)}, at worst ${rounded(first.quality.min)}`,
      }),
      cost: `$${cost.estimatedUsd.toFixed(4)}`,
      minutes: rounded(timings.total / 60),
      warnings: manifest.warnings.length,
      link,
    },
  };
}

export const unchangedNotice = (job: Told, link: string): Notice => ({
  ...about(job),
  kind: 'unchanged',
  summary: `${job.source} was made before and has not changed`,
  details: { link },
});

export const failedNotice = (job: Told, { code, reason }: Extract<JobState, { status: 'failed' }>): Notice => ({
  ...about(job),
  kind: 'failed',
  summary: `${job.source}: ${reason}`,
  details: { code, advice: failureNamed(code).advice },
});

const about = ({ id, recipe, source }: Told) => ({ job: id, recipe, source });
const rounded = (value: number) => Math.round(value * 100) / 100;

function changeText(before: number, after: number): string {
  if (before === 0) return 'from nothing';
  const percent = Math.round(100 * Math.abs(1 - after / before));
  return after <= before ? `${percent} % smaller` : `${percent} % larger`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Three digits, in powers of 1000: 4.21 GB. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${UNITS[power]}`;
}
