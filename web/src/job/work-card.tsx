import { formatSeconds } from '../../../core/format.ts';
import { count } from '../../../core/report/quality-words.ts';
import type { JobAnswer } from '../api/answers.ts';
import { renditionShare, shareOf, workWords } from '../jobs/job-progress.ts';
import { Progress, percentOf } from '../ui/progress.tsx';

/** What is done to a film now: the whole, and each rendition by its segments. */
export function WorkCard({ job }: { readonly job: JobAnswer }) {
  const { progress, segments, state } = job;
  const share = shareOf(job);
  const left = progress?.etaSeconds;
  return (
    <section class="card work" aria-labelledby="work-title">
      <h2 id="work-title">{state === 'queued' ? 'It waits for its turn' : 'It is being made'}</h2>
      <Progress label="Progress of the film" share={share} />
      <p class="figures">
        {[
          share === undefined ? undefined : percentOf(share),
          workWords(job),
          left === undefined ? undefined : `${formatSeconds(left)} left`,
        ]
          .filter((part) => part !== undefined)
          .join(' · ')}
      </p>
      {segments && !progress && segments.total > 0 ? (
        <p class="soft">
          {segments.done} of {count(segments.total, 'segment')} encoded
        </p>
      ) : undefined}
      {progress && progress.renditions.length > 0 ? (
        <ul class="rendition-progress">
          {progress.renditions.map((each) => (
            <li key={each.name}>
              <span>{each.name}</span>
              <Progress label={`Progress of ${each.name}`} share={renditionShare(each, progress)} />
              <span class="soft figures">{renditionWords(each)}</span>
            </li>
          ))}
        </ul>
      ) : undefined}
    </section>
  );
}

type Rendition = NonNullable<JobAnswer['progress']>['renditions'][number];

function renditionWords({ isDone, segments: { done, total, reused } }: Rendition): string {
  const made = isDone ? 'made' : total > 0 ? `${done} of ${count(total, 'segment')}` : 'comes later';
  return reused > 0 ? `${made}, ${reused} from before` : made;
}
