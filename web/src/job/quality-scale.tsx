import {
  count,
  insteadOfPlot,
  isPlotted,
  METRIC_FACTS,
  type PlottedMetric,
  scoreText,
  targetOf,
} from '../../../core/report/quality-words.ts';
import type { JobManifest, JobRendition } from '../api/answers.ts';

type Mark = { readonly kind: string; readonly says: string; readonly value: number };

/** The measured quality on its scale, from the worst picture to the mean, with what was asked for. */
export function QualityScale({
  record,
  settings,
}: {
  readonly record: JobRendition;
  readonly settings: JobManifest['settings'];
}) {
  const { quality } = record;
  const { metric, min, mean, projected, sampledFrames } = quality;
  if (!isPlotted(metric) || sampledFrames === 0) return <p class="soft">{insteadOfPlot(record, 0)}</p>;
  const target = targetOf(quality, settings);
  const mark = (kind: string, value: number | undefined): readonly Mark[] =>
    value === undefined ? [] : [{ kind, value, says: `${kind} ${scoreText(value, metric)}` }];
  const marks = [
    ...mark('worst', min),
    ...mark('mean', mean),
    ...mark('target', target),
    ...mark('projected', projected),
  ];
  const { low, high } = scaleOf(marks, metric);
  const at = (value: number) => `${((100 * (value - low)) / (high - low)).toFixed(2)}%`;
  const says = marks.map((each) => each.says).join(', ');
  return (
    <figure class="quality">
      <figcaption>
        <strong>{METRIC_FACTS[metric].name}</strong> <span class="soft">({METRIC_FACTS[metric].meaning})</span>
      </figcaption>
      <svg
        class="scale"
        role="img"
        aria-label={`${METRIC_FACTS[metric].name} of ${count(sampledFrames, 'frame')}: ${says}`}
      >
        <rect class="track" x="0" width="100%" y="14" height="8" rx="4" />
        <rect
          class="span"
          x={at(Math.min(min, mean))}
          width={`${Math.abs(Number.parseFloat(at(mean)) - Number.parseFloat(at(min)))}%`}
          y="14"
          height="8"
          rx="4"
        />
        {marks.map(({ kind, value }) => (
          <line key={kind} class={kind} x1={at(value)} x2={at(value)} y1="6" y2="30" />
        ))}
      </svg>
      <div class="scale-ends soft" aria-hidden="true">
        <span>{scoreText(low, metric)}</span>
        <span>{scoreText(high, metric)}</span>
      </div>
      <ul class="legend">
        {marks.map(({ kind, says: words }) => (
          <li key={kind}>
            <svg class="swatch" aria-hidden="true">
              <line class={kind} x1="12" x2="12" y1="0" y2="12" />
            </svg>
            {words}
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** Wide enough for every mark, and not so wide that small differences cannot be seen. */
function scaleOf(marks: readonly Mark[], metric: PlottedMetric): { readonly low: number; readonly high: number } {
  const { ceiling, floor, leastSpan } = METRIC_FACTS[metric].range;
  const values = marks.map(({ value }) => value);
  const high = Math.min(ceiling, Math.max(...values) + leastSpan);
  const low = Math.max(floor, Math.min(...values, high - leastSpan) - leastSpan);
  return { low, high };
}
