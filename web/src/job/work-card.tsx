import { formatSeconds } from '../../../core/format.ts';
import { count } from '../../../core/report/quality-words.ts';
import type { JobAnswer } from '../api/answers.ts';
import { shareOf, workWords } from '../jobs/job-progress.ts';
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
          {progress.renditions.map(({ name, isDone, segments: { done, total, reused } }) => (
            <li key={name}>
              <span>{name}</span>
              <Progress label={`Progress of ${name}`} share={isDone ? 1 : total > 0 ? done / total : 0} />
              <span class="soft figures">
                {isDone ? 'made' : total > 0 ? `${done} of ${count(total, 'segment')}` : 'comes later'}
                {reused > 0 ? `, ${reused} from before` : ''}
              </span>
            </li>
          ))}
        </ul>
      ) : undefined}
    </section>
  );
}
