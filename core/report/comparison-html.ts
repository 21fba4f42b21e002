import { formatBytes, formatUsd } from '../format.ts';
import type { ComparedMoment, ModelFigures } from '../plan/comparison.ts';
import { type Html, hrefOf, html } from './html.ts';
import { pageOf } from './page.ts';
import { PAIR_SCRIPT, PAIR_STYLE, pairOf, pictureOf } from './pair.ts';
import { STYLE } from './style.ts';

const MODELS_STYLE = `
.three { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .6rem; margin-top: .8rem; }
.three figure { margin: 0; } .three img { width: 100%; height: auto; display: block; border-radius: 6px; image-rendering: pixelated; }
table.models { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.models th, .models td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
.models th:first-child, .models td:first-child { text-align: left; }
.models .best { font-weight: 700; color: var(--good); }
`;

/** Returns a page that compares two models, in one file: a slider between them for each frame, and the measurements. */
export function comparisonHtml(
  source: string,
  models: readonly ModelFigures[],
  stills: readonly ComparedMoment[],
): string {
  const names = models.map(({ model }) => model);
  return pageOf({
    title: `${names.join(' against ')}: ${source}`,
    style: STYLE + PAIR_STYLE + MODELS_STYLE,
    script: PAIR_SCRIPT,
    pictures: 'data:',
    body: html`<main>
<header><p class="eyebrow">${source}</p><h1>${names.join(' against ')}</h1></header>
<section class="card"><h2>Measurements</h2>${figuresTable(models)}
<p class="soft">PSNR, SSIM and XPSNR: the source was made smaller (by averaging), enlarged again by the model, and compared with the original.
Flicker: by how many levels the error changes from one frame to the next; less is calmer. Speed and cost were measured on this
round trip and scaled by pixels to the source's size; the cost is that on Fargate Spot.</p></section>
<section class="card sharp"><h2>The same frames</h2>${stills.map((still) => stillOf(still, names))}</section>
</main>`,
  });
}

type FigureColumn = {
  readonly title: string;
  readonly best: 'most' | 'least';
  of(model: ModelFigures): number | undefined;
  text(value: number): string;
};

const COLUMNS: readonly FigureColumn[] = [
  { title: 'PSNR, luma', best: 'most', of: ({ psnrY }) => psnrY, text: (value) => `${value.toFixed(2)} dB` },
  { title: 'SSIM', best: 'most', of: ({ ssim }) => ssim, text: (value) => value.toFixed(4) },
  { title: 'XPSNR, luma', best: 'most', of: ({ xpsnrY }) => xpsnrY, text: (value) => `${value.toFixed(2)} dB` },
  { title: 'flicker', best: 'least', of: ({ flicker }) => flicker, text: (value) => value.toFixed(3) },
  {
    title: 'frames a second',
    best: 'most',
    of: ({ framesPerSecond }) => framesPerSecond,
    text: (value) => value.toFixed(2),
  },
  { title: 'a minute costs', best: 'least', of: ({ usdPerSourceMinute }) => usdPerSourceMinute, text: formatUsd },
  { title: 'film', best: 'least', of: ({ bytes }) => bytes, text: formatBytes },
];

function figuresTable(models: readonly ModelFigures[]): Html {
  const columns = COLUMNS.filter(({ of }) => models.every((model) => of(model) !== undefined));
  const rows = models.map(
    (model) =>
      html`<tr><td><a href="${hrefOf(model.path)}">${model.model}</a></td>${columns.map((column) => cell(column, model, models))}</tr>`,
  );
  return html`<table class="models"><thead><tr><th>model</th>${columns.map(({ title }) => html`<th>${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

function cell({ best, of, text }: FigureColumn, model: ModelFigures, models: readonly ModelFigures[]): Html {
  const value = of(model) ?? 0;
  const all = models.map((each) => of(each) ?? 0);
  const isBest = value === (best === 'most' ? Math.max(...all) : Math.min(...all)) && new Set(all).size > 1;
  return html`<td class="${isBest ? 'best' : ''}">${text(value)}</td>`;
}

function stillOf({ seconds, source, models }: ComparedMoment, names: readonly string[]): Html {
  const side = (i: number) => ({ name: names[i] ?? '', picture: png(models[i] ?? '') });
  const all = [
    { name: 'source, pixels repeated', data: source },
    ...models.map((data, i) => ({ name: names[i] ?? '', data })),
  ];
  const three = html`
<div class="three">${all.map(({ name, data }) => html`<figure>${pictureOf(png(data), name)}<figcaption class="soft">${name}</figcaption></figure>`)}</div>`;
  return pairOf({ title: `At ${seconds.toFixed(2)} s`, left: side(0), right: side(1) }, three);
}

const png = (data: string) => ({ type: 'png', data }) as const;
