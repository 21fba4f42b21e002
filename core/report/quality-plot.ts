import { clock } from '../format.ts';
import type { Manifest, RenditionRecord } from '../job/manifest.ts';
import { type Html, html } from './html.ts';
import { count, isPlotted, METRIC_FACTS, type PlottedMetric, scoreText, targetOf } from './quality-words.ts';
import { percentAt, percentText, type Scale, timeScale, valueScale } from './scales.ts';
import { columnsOf, lowestOf, type PlotColumn, type Score, stretchesOf } from './thin-series.ts';

type Plot = {
  readonly metric: PlottedMetric;
  readonly x: Scale;
  readonly y: Scale;
  /** Stretches of frames that were measured without a gap, in columns. */
  readonly stretches: readonly (readonly PlotColumn[])[];
  readonly lowest: Score;
  readonly mean: number;
  readonly target: number | undefined;
  readonly projected: number | undefined;
};

const COLUMNS = 240;

/**
 * Returns a figure of quality over time: a line for the mean of each column's frames, and a band from its worst to its
 * best frame. Returns undefined if no score was measured. The SVG has no view box, so that it takes any width while its
 * text keeps its size.
 */
export function qualityPlot(
  { quality, durationSeconds, frames }: RenditionRecord,
  series: readonly Score[],
  settings: Manifest['settings'],
): Html | undefined {
  const { metric, mean, projected } = quality;
  const stretches = stretchesOf(series);
  const lowest = lowestOf(stretches);
  if (!isPlotted(metric) || !lowest) return undefined;
  const x = timeScale(Math.min(0, stretches[0]?.[0]?.seconds ?? 0), endOf(stretches, durationSeconds));
  const columns = stretches.map((stretch) => columnsOf(stretch, x.from, (x.to - x.from) / COLUMNS));
  const target = targetOf(quality, settings);
  const shown = columns.flat().flatMap(({ min, max }) => [min, max]);
  const lines = [mean, target, projected].filter((value) => value !== undefined);
  const y = valueScale([...shown, ...lines], METRIC_FACTS[metric].range);
  const plot: Plot = { metric, x, y, stretches: columns, lowest, mean, target, projected };
  const title = `${METRIC_FACTS[metric].name} over time, ${count(quality.sampledFrames, 'frame')} measured of ${count(frames, 'frame')}`;
  return html`<figure class="plot"><figcaption><strong>${METRIC_FACTS[metric].name}</strong> over time <span class="soft">(${METRIC_FACTS[metric].meaning})</span></figcaption>
<svg class="canvas" role="img" aria-label="${`${title}: ${described(plot)}`}">${axes(plot)}${curve(plot)}${levels(plot)}${lowestMark(plot)}${hits(plot)}</svg>
${legend(plot)}
${settings.vmaf !== undefined && quality.target !== undefined && target === undefined ? html`<p class="soft">VMAF ${quality.target} was asked for; ${METRIC_FACTS[metric].name} was measured, and the two cannot be compared.</p>` : undefined}</figure>`;
}

const endOf = (stretches: readonly (readonly Score[])[], durationSeconds: number) =>
  Math.max(durationSeconds, stretches.at(-1)?.at(-1)?.seconds ?? 0);

const xOf = (seconds: number, { x }: Plot) => percentText(percentAt(seconds, x));
const yOf = (score: number, { y }: Plot) => percentText(100 - percentAt(score, y));
const precisionOf = ({ x }: Pick<Plot, 'x'>) => (x.to - x.from < 10 ? 0.01 : x.to - x.from < 600 ? 0.1 : 1);
const middle = ({ from, to }: PlotColumn) => (from + to) / 2;

function axes(plot: Plot): Html {
  const rows = plot.y.ticks.map(
    ({ at, label }) =>
      html`<line class="grid" x1="0" x2="100%" y1="${yOf(at, plot)}" y2="${yOf(at, plot)}"></line><text class="tick" x="-8" y="${yOf(at, plot)}" dy="0.32em" text-anchor="end">${label}</text>`,
  );
  const columns = plot.x.ticks.map(
    ({ at, label }, i) =>
      html`<g class="${i % 2 === 1 ? 'odd' : 'even'}"><line class="notch" x1="${xOf(at, plot)}" x2="${xOf(at, plot)}" y1="100%" y2="102%"></line><text class="tick" x="${xOf(at, plot)}" y="100%" dy="20" text-anchor="middle">${label}</text></g>`,
  );
  return html`${rows}${columns}`;
}

/** Draws the curve in a box of 1000 by 1000 units that is stretched; strokes keep their width. */
function curve(plot: Plot): Html {
  const at = (seconds: number, score: number) => {
    const [x, y] = [10 * percentAt(seconds, plot.x), 1000 - 10 * percentAt(score, plot.y)];
    return `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`;
  };
  const line = (points: readonly string[]) => `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`;
  const bands = plot.stretches.map((columns) => {
    const top = columns.map((column) => at(middle(column), column.max));
    const bottom = columns.map((column) => at(middle(column), column.min)).reverse();
    return `${line([...top, ...bottom])}Z`;
  });
  const means = plot.stretches.map((columns) => line(columns.map((column) => at(middle(column), column.mean))));
  const dots = means.filter((_, i) => plot.stretches[i]?.length === 1);
  const gaps = plot.stretches.slice(1).flatMap((columns, i) => {
    const [before, after] = [plot.stretches[i]?.at(-1), columns[0]];
    return before && after ? [line([at(middle(before), before.mean), at(middle(after), after.mean)])] : [];
  });
  const path = (name: string, parts: readonly string[]) =>
    parts.length > 0 ? html`<path class="${name}" d="${parts.join('')}"></path>` : undefined;
  return html`<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">${path('gap', gaps)}${path('band', bands)}${path('mean-of-column', means)}${path('dots', dots)}</svg>`;
}

function levels(plot: Plot): Html {
  const level = (name: string, value: number | undefined) =>
    value === undefined
      ? undefined
      : html`<line class="${name}" x1="0" x2="100%" y1="${yOf(value, plot)}" y2="${yOf(value, plot)}"><title>${name} ${scoreText(value, plot.metric)}</title></line>`;
  return html`${level('mean', plot.mean)}${level('projected', plot.projected)}${level('target', plot.target)}`;
}

function lowestMark(plot: Plot): Html {
  const { seconds, score } = plot.lowest;
  const x = percentAt(seconds, plot.x);
  const anchor = x < 12 ? 'start' : x > 88 ? 'end' : 'middle';
  const down = percentAt(score, plot.y) > 8 ? '18' : '-10';
  const label = `${scoreText(score, plot.metric)} at ${clock(seconds, precisionOf(plot))}`;
  return html`<circle class="lowest" cx="${percentText(x)}" cy="${yOf(score, plot)}" r="4.5"></circle><text class="lowest-label" x="${percentText(x)}" y="${yOf(score, plot)}" dy="${down}" text-anchor="${anchor}">${label}</text>`;
}

const WIDEST_HIT = 1.2;

/**
 * Returns the areas over which the pointer shows a column's figures. Each reaches halfway to its neighbours, but not
 * far into parts that were not measured.
 */
function hits(plot: Plot): readonly Html[] {
  const columns = plot.stretches.flat();
  const centre = (column: PlotColumn | undefined) => column && percentAt(middle(column), plot.x);
  return columns.map((column, i) => {
    const here = percentAt(middle(column), plot.x);
    const [before, after] = [centre(columns[i - 1]), centre(columns[i + 1])];
    const left = Math.max(0, here - WIDEST_HIT, before === undefined ? 0 : (before + here) / 2);
    const right = Math.min(100, here + WIDEST_HIT, after === undefined ? 100 : (after + here) / 2);
    return html`<rect class="hit" x="${percentText(left)}" y="0" width="${percentText(right - left)}" height="100%"><title>${columnText(column, plot.metric)}</title></rect>`;
  });
}

function columnText({ from, to, min, max, mean, count: frames }: PlotColumn, metric: PlottedMetric): string {
  if (frames === 1) return `${clock(from, 0.01)}: ${scoreText(mean, metric)}`;
  const range = `${scoreText(min, metric)} to ${scoreText(max, metric)}`;
  return `${clock(from, 0.01)} to ${clock(to, 0.01)}: ${scoreText(mean, metric)} on average, ${range}, ${count(frames, 'frame')}`;
}

type LegendEntry = { readonly sign: string; readonly says: string };

function entriesOf({ x, metric, mean, projected, target, lowest, stretches }: Plot): readonly LegendEntry[] {
  const many = stretches.flat().some((column) => column.count > 1);
  const level = (sign: string, value: number | undefined): readonly LegendEntry[] =>
    value === undefined ? [] : [{ sign, says: `${sign} ${scoreText(value, metric)}` }];
  return [
    ...level('mean', mean),
    ...level('projected', projected),
    ...level('target', target),
    {
      sign: 'lowest',
      says: `lowest ${scoreText(lowest.score, metric)} at ${clock(lowest.seconds, precisionOf({ x }))}`,
    },
    ...(many ? [{ sign: 'band', says: 'worst to best frame' }] : []),
    ...(stretches.length > 1 ? [{ sign: 'gap', says: 'not measured in between' }] : []),
  ];
}

const described = (plot: Plot) =>
  entriesOf(plot)
    .filter(({ sign }) => sign !== 'band' && sign !== 'gap')
    .map(({ says }) => says)
    .join(', ');

function legend(plot: Plot): Html {
  const entries = entriesOf(plot).map(({ sign, says }) => html`<li>${swatch(sign)}${says}</li>`);
  return html`<ul class="legend">${entries}</ul>`;
}

function swatch(sign: string): Html {
  if (sign === 'lowest')
    return html`<svg class="swatch" aria-hidden="true"><circle class="lowest" cx="12" cy="6" r="4.5"></circle></svg>`;
  if (sign === 'band')
    return html`<svg class="swatch" aria-hidden="true"><rect class="band" x="0" y="1" width="24" height="10"></rect></svg>`;
  return html`<svg class="swatch" aria-hidden="true"><line class="${sign}" x1="0" x2="24" y1="6" y2="6"></line></svg>`;
}
