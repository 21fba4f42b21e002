import { formatBytes, formatSaving, formatUsd } from '../../../core/format.ts';
import { grouped } from '../../../core/report/quality-words.ts';
import type { JobsAnswer } from '../api/answers.ts';
import { useSurroundings } from '../surroundings.ts';

/** What became of all films that are shown, also of those further down. */
export function Totals({ totals }: { readonly totals: JobsAnswer['totals'] }) {
  const { isRented } = useSurroundings();
  const { jobs, films, bytesBefore, bytesAfter, usd, isPartial, amongNewest } = totals;
  const atLeast = isPartial ? 'at least ' : '';
  const facts: readonly (readonly [string, string])[] = [
    ['Films', `${atLeast}${grouped(films)}`],
    ...(jobs === films ? [] : ([['Jobs', `${atLeast}${grouped(jobs)}`]] as const)),
    ['Before', formatBytes(bytesBefore)],
    ['After', formatBytes(bytesAfter)],
    ['Altogether', bytesBefore > 0 ? formatSaving(bytesBefore, bytesAfter) : 'nothing yet'],
    ...(isRented && usd > 0 ? ([['Cost', `about ${formatUsd(usd)}`]] as const) : []),
  ];
  return (
    <div class="card">
      <dl class="totals">
        {facts.map(([term, says]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      {amongNewest === undefined ? undefined : (
        <p class="totals-among">
          Counted among the newest {grouped(amongNewest)} films; those before them are not in these figures.
        </p>
      )}
    </div>
  );
}

/** Says that an order leaves older films out, where it does. */
export const SortedAmong = ({ amongNewest }: Pick<JobsAnswer, 'amongNewest'>) =>
  amongNewest === undefined ? null : (
    <p class="totals-among">
      Sorted among the newest {grouped(amongNewest)} films; those before them are listed by time, newest or oldest
      first.
    </p>
  );
