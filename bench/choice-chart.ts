import { html } from '../core/report/html.ts';
import type { Preset } from '../core/settings/presets.ts';

/** What a codec and preset take, against x265 `medium`: bytes for the same quality as a share more, CPU time as a factor. */
export type Choice = {
  readonly clip: string;
  readonly codec: 'x265' | 'svt-av1';
  readonly preset: Preset;
  readonly bytes: number;
  readonly cpu: number;
};

const WIDTH = 760;
const HEIGHT = 460;
const PLOT = { left: 70, right: 30, top: 56, bottom: 56 };
const COLOURS = { x265: '#1f77b4', 'svt-av1': '#d62728' } as const;
const FACTORS = [0.125, 0.25, 0.5, 1, 2, 4, 8];
/** What takes more bytes than this is drawn at the upper edge. */
const HIGHEST = 1;
const TITLE = 'Bytes for the same VMAF, by CPU time';

/** Returns a picture of the medians as points with lines between the presets of a codec, and of the single clips as dots. */
export function choiceChart(medians: readonly Choice[], choices: readonly Choice[]): string {
  const all = [...medians, ...choices].filter(({ bytes }) => !Number.isNaN(bytes));
  const step = 0.25;
  const low = step * Math.floor(Math.min(0, ...all.map(({ bytes }) => bytes)) / step);
  const high = Math.min(HIGHEST, step * Math.ceil(Math.max(0, ...all.map(({ bytes }) => bytes)) / step));
  const levels = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step);
  const x = (cpu: number) => at(PLOT.left + ((Math.log2(cpu) + 3) / 6) * (WIDTH - PLOT.left - PLOT.right));
  const y = (bytes: number) =>
    at(PLOT.top + ((high - Math.min(high, bytes)) / (high - low)) * (HEIGHT - PLOT.top - PLOT.bottom));
  const lines = (['x265', 'svt-av1'] as const).map((codec) => {
    const of = medians.filter((each) => each.codec === codec);
    const path = of.map(({ cpu, bytes }, i) => `${i ? 'L' : 'M'}${x(cpu)} ${y(bytes)}`).join('');
    return html`<path d="${path}" fill="none" stroke="${COLOURS[codec]}" stroke-width="2"></path>
${of.map(({ cpu, bytes, preset }) => html`<circle cx="${x(cpu)}" cy="${y(bytes)}" r="5" fill="${COLOURS[codec]}"></circle><text x="${x(cpu)}" y="${y(bytes)}" dy="${codec === 'x265' ? -10 : 18}" text-anchor="middle" fill="${COLOURS[codec]}">${codec === 'x265' ? '' : 'AV1 '}${preset}</text>`)}`;
  });
  const dots = choices
    .filter(({ bytes }) => !Number.isNaN(bytes))
    .map(
      ({ codec, cpu, bytes }) =>
        html`<circle cx="${x(cpu)}" cy="${y(bytes)}" r="2" fill="${COLOURS[codec]}" fill-opacity="0.4"></circle>`,
    );
  const drawing = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${TITLE}</title>
<desc>x265 and SVT-AV1 by preset, against x265 medium: medians over the clips as points, single clips as dots; those that take more than twice the bytes at the upper edge.</desc>
<rect width="100%" height="100%" fill="#fff"></rect>
<text x="${PLOT.left}" y="26" font-size="16" fill="#111">${TITLE}</text>
${levels.map((level) => html`<line x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${y(level)}" y2="${y(level)}" stroke="#ddd"></line><text x="${PLOT.left - 8}" y="${y(level)}" dy="0.32em" text-anchor="end" fill="#444">${level > 0.001 ? '+' : ''}${Math.round(100 * level)} %</text>`)}
${FACTORS.map((factor) => html`<text x="${x(factor)}" y="${HEIGHT - PLOT.bottom + 20}" text-anchor="middle" fill="#444">${factor} x</text>`)}
<text x="${WIDTH / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#444">CPU time of x265 medium</text>
${dots}
${lines}
</svg>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing.markup}\n`;
}

const at = (value: number): string => value.toFixed(1);
