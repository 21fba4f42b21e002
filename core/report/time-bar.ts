import { formatSeconds } from '../format.ts';
import type { Manifest } from '../job/manifest.ts';
import { type Html, html } from './html.ts';
import { percentText } from './scales.ts';

const STEPS = ['hash', 'probe', 'index', 'encode', 'join', 'verify', 'publish'] as const;

type TimeShare = { readonly name: string; readonly seconds: number };

/** Returns a bar of the time that each step took, in the order of the steps, and the same figures as a list. */
export function timeBar({ timings }: Manifest): Html {
  const steps = STEPS.map((name): TimeShare => ({ name, seconds: timings[name] }));
  const known = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const shares = [...steps, { name: 'the rest', seconds: Math.max(0, timings.total - known) }];
  const whole = Math.max(timings.total, known);
  const percent = (seconds: number) => (whole > 0 ? (100 * seconds) / whole : 0);
  let left = 0;
  const parts = shares.map(({ name, seconds }, i) => {
    const x = left;
    left += percent(seconds);
    return html`<rect class="step-${i}" x="${percentText(x)}" y="0" width="${percentText(percent(seconds))}" height="100%"><title>${name}: ${timeText(seconds)}</title></rect>`;
  });
  const entries = shares.map(
    ({ name, seconds }, i) =>
      html`<li><svg class="swatch" aria-hidden="true"><rect class="step-${i}" x="0" y="0" width="12" height="12" rx="2"></rect></svg>${name} <b>${timeText(seconds)}</b> <span class="soft">${percent(seconds).toFixed(0)} %</span></li>`,
  );
  const overlap =
    known > timings.total * 1.01
      ? html`<p class="soft">Some steps ran at the same time, so together they take longer than the whole.</p>`
      : undefined;
  return html`<p>From the first byte read to the last file published: <b>${timeText(timings.total)}</b>.</p>
<svg class="bar tall" aria-hidden="true">${parts}</svg>
<ul class="legend">${entries}</ul>
${overlap}`;
}

const timeText = (seconds: number) => (seconds < 0.095 ? `${Math.round(seconds * 1000)} ms` : formatSeconds(seconds));
