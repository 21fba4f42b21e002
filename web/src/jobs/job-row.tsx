import { formatBytes, formatSaving, formatSeconds } from '../../../core/format.ts';
import type { JobSummary } from '../api/answers.ts';
import { fileName, folderOf } from '../paths.ts';
import { jobAddress } from '../route.ts';
import { isOpen, StateBadge } from '../ui/badge.tsx';
import { Became } from '../ui/icon.tsx';
import { Progress, percentOf } from '../ui/progress.tsx';
import { shareOf, workWords } from './job-progress.ts';

/** One job in the list of films. */
export function JobRow({ job }: { readonly job: JobSummary }) {
  const { name, recipe, state } = job;
  const folder = folderOf(name);
  return (
    <article class="job-row">
      <div class="job-name">
        <a href={jobAddress(job.job)}>
          <bdi>{fileName(name)}</bdi>
        </a>
        <span class="soft">
          {recipe}
          {folder === '' ? undefined : (
            <>
              {' · '}
              <bdi>{folder}</bdi>
            </>
          )}
        </span>
      </div>
      <div class="job-outcome">{isOpen(state) ? <Work job={job} /> : <Outcome job={job} />}</div>
      <StateBadge state={state} />
    </article>
  );
}

function Work({ job }: { readonly job: JobSummary }) {
  const share = shareOf(job);
  const left = job.progress?.etaSeconds;
  if (job.state === 'queued') return <span class="soft">in the queue</span>;
  return (
    <>
      <Progress label={`Progress of ${job.name}`} share={share} />
      <span class="soft figures">
        {[
          share === undefined ? undefined : percentOf(share),
          workWords(job),
          left === undefined ? undefined : `${formatSeconds(left)} left`,
        ]
          .filter((part) => part !== undefined)
          .join(' · ')}
      </span>
    </>
  );
}

function Outcome({ job: { state, failure, figures } }: { readonly job: JobSummary }) {
  if (state === 'failed') return <span class="why">{failure?.reason ?? 'It failed, and nobody noted why.'}</span>;
  if (!figures) return undefined;
  const { bytesBefore, bytesAfter, isSet } = figures;
  return (
    <>
      <span class="figures">
        {formatBytes(bytesBefore)} <Became /> {formatBytes(bytesAfter)}
      </span>
      {isSet ? undefined : <span class="soft">{formatSaving(bytesBefore, bytesAfter)}</span>}
    </>
  );
}
