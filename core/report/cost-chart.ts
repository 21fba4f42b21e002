import { formatBytes, formatUsd } from '../format.ts';
import type { KeepingPlan } from '../storage/what-if.ts';
import { type Html, html } from './html.ts';

/** What the chart is of. */
type CostChart = {
  readonly plans: readonly KeepingPlan[];
  readonly bytes: number;
  readonly region: string;
  readonly asOf: string;
};

const WIDTH = 860;
const HEIGHT = 460;
const PLOT = { left: 76, right: 250, top: 52, bottom: 46 };
const COLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#9467bd', '#d62728', '#17807e', '#7f7f7f'];

/** Returns a picture of what each plan costs over the months, complete in itself. */
export const costChartSvg = (chart: CostChart): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${drawing(chart).markup}\n`;

/** Returns the same picture as a page, with its figures as a table. */
export function costChartPage(chart: CostChart): string {
  const head = chart.plans.map(({ name }) => html`<th scope="col">${name}</th>`);
  const rows = everyMonth(chart).map(
    (month) =>
      html`<tr><th scope="row">${month}</th>${chart.plans.map(({ paidUsd }) => html`<td>${formatUsd(paidUsd[month - 1] ?? 0)}</td>`)}</tr>
`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${titleOf(chart)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}svg{max-width:100%;height:auto}div{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.25rem .75rem;text-align:right;border-bottom:1px solid #ddd}</style></head>
<body>
<h1>${titleOf(chart)}</h1>
<figure>${drawing(chart)}</figure>
<div><table><thead><tr><th scope="col">month</th>${head}</tr></thead><tbody>
${rows}</tbody></table></div>
<p>${basisOf(chart)}</p>
</body>
</html>
`;
  return page.markup;
}

const titleOf = ({ bytes }: CostChart) => `What it costs to keep ${formatBytes(bytes)} that nobody reads`;
const basisOf = ({ region, asOf }: CostChart) =>
  `Dollars paid until the end of each month, the upload included. Prices of ${region} as of ${asOf}. 1 TB is 1000 GB, and the price list's GB is taken for 10^9 bytes.`;

const monthsIn = ({ plans }: CostChart) => plans[0]?.paidUsd.length ?? 0;
const everyMonth = (chart: CostChart) => Array.from({ length: monthsIn(chart) }, (_, i) => i + 1);

function drawing(chart: CostChart): Html {
  const most = Math.max(...chart.plans.flatMap(({ paidUsd }) => paidUsd), Number.MIN_VALUE);
  const step = roundStep(most / 5);
  const top = Math.ceil(most / step) * step;
  const months = monthsIn(chart);
  const x = (month: number) => at(PLOT.left + (month / months) * (WIDTH - PLOT.left - PLOT.right));
  const y = (usd: number) => at(HEIGHT - PLOT.bottom - (usd / top) * (HEIGHT - PLOT.top - PLOT.bottom));
  const levels = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const every = Math.ceil(months / 12);
  const marks = [0, ...everyMonth(chart)].filter((month) => month % every === 0);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${titleOf(chart)}</title>
<desc>${basisOf(chart)}</desc>
<rect width="100%" height="100%" fill="#fff"></rect>
<text x="${PLOT.left}" y="26" font-size="16" fill="#111">${titleOf(chart)}</text>
${levels.map((usd) => html`<line x1="${x(0)}" x2="${x(months)}" y1="${y(usd)}" y2="${y(usd)}" stroke="#ddd"></line><text x="${PLOT.left - 8}" y="${y(usd)}" dy="0.32em" text-anchor="end" fill="#444">${shortUsd(usd)}</text>`)}
${marks.map((month) => html`<text x="${x(month)}" y="${HEIGHT - PLOT.bottom + 18}" text-anchor="middle" fill="#444">${month}</text>`)}
<text x="${x(months / 2)}" y="${HEIGHT - 8}" text-anchor="middle" fill="#444">months</text>
${chart.plans.map((plan, i) => curveOf(plan, i, { x, y }))}
${legend(chart.plans)}
</svg>`;
}

type AxisScales = { readonly x: (month: number) => number; readonly y: (usd: number) => number };

const colourOf = (i: number) => COLOURS[i % COLOURS.length] ?? '#000';

function curveOf({ name, paidUsd }: KeepingPlan, i: number, { x, y }: AxisScales): Html {
  const points = paidUsd.map((usd, month) => `${x(month + 1)},${y(usd)}`).join(' ');
  const [only] = paidUsd.length === 1 ? paidUsd : [];
  const dot =
    only === undefined ? undefined : html`<circle cx="${x(1)}" cy="${y(only)}" r="3" fill="${colourOf(i)}"></circle>`;
  return html`<polyline points="${points}" fill="none" stroke="${colourOf(i)}" stroke-width="2"><title>${name}</title></polyline>${dot}
`;
}

/** The dearest plan stands first, as its line lies highest at the end. */
function legend(plans: readonly KeepingPlan[]): readonly Html[] {
  const last = ({ paidUsd }: KeepingPlan) => paidUsd.at(-1) ?? 0;
  const sorted = plans.map((plan, i) => ({ plan, colour: colourOf(i) })).sort((a, b) => last(b.plan) - last(a.plan));
  const left = WIDTH - PLOT.right + 14;
  return sorted.map(
    ({ plan, colour }, i) =>
      html`<rect x="${left}" y="${PLOT.top + i * 40}" width="12" height="12" fill="${colour}"></rect><text x="${left + 18}" y="${PLOT.top + i * 40 + 10}" fill="#111">${plan.name}</text><text x="${left + 18}" y="${PLOT.top + i * 40 + 25}" fill="#555">${formatUsd(last(plan))}</text>
`,
  );
}

const at = (value: number) => Number(value.toFixed(1));

/** A step of 1, 2 or 5 times a power of ten. */
function roundStep(about: number): number {
  const power = 10 ** Math.floor(Math.log10(about));
  return (about / power > 5 ? 10 : about / power > 2 ? 5 : about / power > 1 ? 2 : 1) * power;
}

const shortUsd = (usd: number) =>
  usd >= 10 ? `$${Math.round(usd).toLocaleString('en-US')}` : `$${Number(usd.toPrecision(2))}`;
