import { clock, formatBytes, formatSaving } from '../format.ts';
import { meaningOf } from '../job/check-list.ts';
import type { Check, Manifest, RenditionRecord } from '../job/manifest.ts';
import { fileName, type Html, hrefOf, html } from './html.ts';
import { icon } from './icons.ts';
import { picturesSection } from './pictures-section.ts';
import { qualityPlot } from './quality-plot.ts';
import {
  count,
  errorText,
  grouped,
  insteadOfPlot,
  isPlotted,
  METRIC_FACTS,
  qualityLine,
  scoreText,
  targetOf,
} from './quality-words.ts';
import type { ReportPictures } from './report-pictures.ts';
import type { Score } from './thin-series.ts';

/**
 * Returns the section of one rendition: its facts, its quality, and the checks that it passed before it was published.
 */
export function renditionSection(
  record: RenditionRecord,
  series: readonly Score[],
  manifest: Manifest,
  pictures: ReportPictures | undefined,
): Html {
  const { name, path, checks, quality } = record;
  const instead = insteadOfPlot(record, series.length);
  const plot = instead === undefined ? qualityPlot(record, series, manifest.settings) : undefined;
  return html`<section class="card rendition">
<h2>${name} <a class="file" href="${hrefOf(path)}">${fileName(path)}</a></h2>
<dl class="facts-grid">${factsOf(record, manifest).map(([term, says]) => html`<div><dt>${term}</dt><dd>${says}</dd></div>`)}</dl>
<h3>Quality</h3>
${sentenceOf(record, manifest.settings)}
${plot ?? html`<p class="note">${instead ?? 'None of the scores is a number: there is nothing to plot.'}</p>`}
${pictures && picturesSection(record, pictures)}
<h3>Checks <span class="soft">${passedText(checks)}</span></h3>
<ul class="checks">${checks.map(checkRow)}</ul>
${isPlotted(quality.metric) ? undefined : html`<p class="soft">${qualityLine(record)}</p>`}
</section>`;
}

function factsOf(record: RenditionRecord, { source }: Manifest): readonly (readonly [string, string])[] {
  const { bytes, width, height, frames, durationSeconds, codec, codecString, parent, segments } = record;
  return [
    ['Size', `${formatBytes(bytes)}, ${formatSaving(source.bytes, bytes)}`],
    ['Picture', `${width}×${height}`],
    ['Codec', `${codec} (${codecString})`],
    ['Length', `${clock(durationSeconds, 0.01)}, ${count(frames, 'frame')}`],
    ['Made from', parent === 'source' ? 'the source' : parent],
    [
      'Segments',
      `${grouped(segments.total)}: ${grouped(segments.encoded)} encoded, ${grouped(segments.reused)} re-used`,
    ],
  ];
}

/** Returns a sentence that sets the measured quality against the target and the expected quality. */
function sentenceOf({ quality, frames }: RenditionRecord, settings: Manifest['settings']): Html | undefined {
  const { metric, mean, min, sampledFrames, projected, error } = quality;
  if (!isPlotted(metric) || sampledFrames === 0) return undefined;
  const target = targetOf(quality, settings);
  const missed = target !== undefined && mean < target;
  const aim =
    target === undefined ? '' : `; the target of ${scoreText(target, metric)} is ${missed ? 'missed' : 'reached'}`;
  const hope = projected === undefined ? '' : `, ${scoreText(projected, metric)} was projected`;
  const share = sampledFrames >= frames ? 'all' : `${grouped(sampledFrames)} of`;
  const within = error
    ? `, which tells the average of all frames to within ${errorText(error, metric)} (for 95 of 100 films)`
    : '';
  return html`<p class="verdict">${missed ? icon('warning') : undefined}<span>${METRIC_FACTS[metric].name} <b>${scoreText(mean, metric)}</b> on average, <b>${scoreText(min, metric)}</b> at worst, over ${share} ${count(frames, 'frame')}${within}${aim}${hope}.</span></p>`;
}

const passedText = (checks: readonly Check[]) =>
  `${checks.filter(({ passed }) => passed).length} of ${checks.length} passed`;

function checkRow({ name, passed, detail }: Check): Html {
  const mark = passed ? 'passed' : 'failed';
  const meaning = meaningOf(name);
  return html`<li class="${mark}">${icon(mark)}<div><span class="mark">${passed ? 'Passed' : 'Failed'}</span> <span>${meaning ?? name}</span><span class="facts">${meaning === undefined ? '' : `${name}: `}${detail}</span></div></li>`;
}
