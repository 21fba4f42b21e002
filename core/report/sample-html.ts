import { clock, formatBytes, formatSeconds } from '../format.ts';
import type { TriedSettings } from '../quality/try-before.ts';
import { type Html, html } from './html.ts';
import { pageOf } from './page.ts';
import { PAIR_SCRIPT, PAIR_STYLE, pairOf } from './pair.ts';
import { METRIC_FACTS, type PlottedMetric, scoreText } from './quality-words.ts';
import { STYLE } from './style.ts';

/** One moment of a film: its frame in the source, and as each set of settings encoded it. JPEG as base64. */
export type SampleMoment = { readonly seconds: number; readonly source: string; readonly encodes: readonly string[] };

type SamplePage = {
  readonly source: string;
  readonly recipe: string;
  readonly metric: PlottedMetric;
  readonly tried: readonly TriedSettings[];
  readonly moments: readonly SampleMoment[];
  readonly frames: number;
  readonly allFrames: number;
  readonly sourceBytes: number;
};

const SAMPLE_STYLE = `
.scroll { overflow-x: auto; } .tried td, .tried th { white-space: nowrap; }
.tried .number { color: var(--text); text-align: right; }
`;

/** Returns the page that sets the settings that were tried side by side: sizes, quality, speed, and frames with a slider. */
export function sampleHtml({
  source,
  recipe,
  metric,
  tried,
  moments,
  frames,
  allFrames,
  sourceBytes,
}: SamplePage): string {
  const whole = tried.filter(({ givenUp }) => givenUp === undefined);
  return pageOf({
    title: `${source}: settings tried, a Reelmill sample`,
    style: STYLE + PAIR_STYLE + SAMPLE_STYLE,
    script: PAIR_SCRIPT,
    pictures: 'data:',
    body: html`<main>
<header><p class="eyebrow">Reelmill sample <span class="recipe">${recipe}</span></p><h1><bdi>${source}</bdi></h1></header>
<section class="card"><h2>What was tried</h2><div class="scroll" tabindex="0">${triedTable(tried, metric)}</div>
<p class="soft">The source has ${formatBytes(sourceBytes)}. ${frames} of its ${allFrames} frames, in stretches over the whole film, were encoded with each of
these. Sizes are the picture's alone, projected to the whole film; sound comes on top. Speed is that of this machine, without verifying.</p></section>
${moments.map((moment) => momentSection(moment, whole))}
</main>`,
  });
}

/** Returns settings as they are given to the command; a recipe's own where there are none. */
export const settingsText = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || "the recipe's own";

function triedTable(tried: readonly TriedSettings[], metric: PlottedMetric): Html {
  const { name } = METRIC_FACTS[metric];
  const score = (value: number | undefined) => (value === undefined ? '-' : scoreText(value, metric));
  const rows = tried.map(
    (row) =>
      html`<tr><th scope="row"><code>${settingsText(row.settings)}</code>${row.givenUp === undefined ? undefined : html`<span class="facts">given up: ${row.givenUp}</span>`}</th><td class="number">${formatBytes(row.bytes)}</td><td class="number">${row.percent.toFixed(1)} %</td><td class="number">${score(row.mean)}</td><td class="number">${score(row.lowest)}</td><td class="number">${row.framesPerSecond.toFixed(1)} fps</td><td class="number">${formatSeconds(row.secondsForAll)}</td></tr>`,
  );
  return html`<table class="tried"><thead><tr><th scope="col">Settings</th><th scope="col">Picture of the whole</th><th scope="col">of the source</th><th scope="col">${name}</th><th scope="col">worst stretch</th><th scope="col">Speed</th><th scope="col">Time for all</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function momentSection({ seconds, source, encodes }: SampleMoment, tried: readonly TriedSettings[]): Html {
  const pairs = encodes.map((data, i) =>
    pairOf({
      title: settingsText(tried[i]?.settings ?? {}),
      left: { name: 'source', picture: { type: 'jpeg', data: source } },
      right: { name: settingsText(tried[i]?.settings ?? {}), picture: { type: 'jpeg', data } },
    }),
  );
  return html`<section class="card"><h2>At ${clock(seconds, 0.1)}</h2>${pairs}</section>`;
}
