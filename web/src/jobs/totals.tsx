import { formatBytes, formatSaving, formatUsd } from '../../../core/format.ts';
import { grouped } from '../../../core/report/quality-words.ts';
import type { JobsAnswer } from '../api/answers.ts';

/** What became of all films that are shown, also of those further down. */
export function Totals({ totals }: { readonly totals: JobsAnswer['totals'] }) {
  const { jobs, bytesBefore, bytesAfter, usd, isPartial } = totals;
  const facts: readonly (readonly [string, string])[] = [
    ['Films', `${isPartial ? 'over ' : ''}${grouped(jobs)}`],
    ['Before', formatBytes(bytesBefore)],
    ['After', formatBytes(bytesAfter)],
    ['Altogether', bytesBefore > 0 ? formatSaving(bytesBefore, bytesAfter) : 'nothing yet'],
    ...(usd > 0 ? ([['Cost', `about ${formatUsd(usd)}`]] as const) : []),
  ];
  return (
    <dl class="totals card">
      {facts.map(([term, says]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  );
}
