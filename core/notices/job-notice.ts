import { failureNamed } from '../errors.ts';
import { formatBytes, formatSaving, formatUsd } from '../format.ts';
import type { Job, JobState } from '../job/job.ts';
import type { Manifest } from '../job/manifest.ts';
import type { ArchivedSource } from '../ports/inbox.ts';
import type { Notice } from '../ports/notifier.ts';
import { storageClass } from '../storage/storage-classes.ts';

type RestoreFacts = { readonly archived: ArchivedSource };
type NoticeSubject = Pick<Job, 'id' | 'recipe' | 'source'>;

/** Returns the notice of a finished job: how much smaller, how good, at what cost, and where the files are. */
export function doneNotice(job: NoticeSubject, manifest: Manifest, link: string): Notice {
  const { source, renditions, cost, timings, deferred = [] } = manifest;
  const bytes = renditions.reduce((sum, rendition) => sum + rendition.bytes, 0);
  const [first] = renditions;
  return {
    ...about(job),
    kind: 'done',
    summary:
      renditions.length === 0
        ? `${job.source} is planned: its renditions wait until they are asked for`
        : `${job.source} is done: ${formatBytes(source.bytes)} became ${formatBytes(bytes)} (${formatSaving(source.bytes, bytes)})`,
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

/** Returns the notice of a job whose results were there already. */
export const unchangedNotice = (job: NoticeSubject, link: string): Notice => ({
  ...about(job),
  kind: 'unchanged',
  summary: `${job.source} was made before and has not changed`,
  details: { link },
});

/** Returns the notice of a job that waits for its archived source: since when it is on its way, until when, at what cost. */
export const restoringNotice = (
  job: NoticeSubject,
  {
    archived,
    tier,
    expectedMs,
    usd,
  }: RestoreFacts & Pick<Extract<JobState, { status: 'restoring' }>, 'tier' | 'expectedMs' | 'usd'>,
): Notice => ({
  ...about(job),
  kind: 'restoring',
  summary: `${job.source} lies in ${storageClass(archived.className).title}; it is made readable, and its job begins by itself then`,
  details: {
    expected: `${new Date(expectedMs).toISOString()} at the latest`,
    cost: formatUsd(usd),
    size: formatBytes(archived.bytes),
    tier,
  },
});

/** Returns the notice of a job that failed, with its reason and what can be done about it. */
export const failedNotice = (
  job: NoticeSubject,
  { code, reason }: Extract<JobState, { status: 'failed' }>,
): Notice => ({
  ...about(job),
  kind: 'failed',
  summary: `${job.source}: ${reason}`,
  details: { code, advice: failureNamed(code).advice },
});

const about = ({ id, recipe, source }: NoticeSubject) => ({ job: id, recipe, source });
const rounded = (value: number) => Math.round(value * 100) / 100;
