import { clock } from '../format.ts';
import type { RenditionRecord } from '../job/manifest.ts';
import { type Html, html } from './html.ts';
import { pairOf, pictureOf } from './pair.ts';
import { isPlotted, METRIC_FACTS, scoreText } from './quality-words.ts';
import type { ReportPictures, SheetPicture } from './report-pictures.ts';

export const PICTURES_STYLE = `
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 9.5rem), 1fr)); gap: .6rem; list-style: none; margin: 0 0 1rem; padding: 0; }
.sheet img { width: 100%; height: auto; display: block; border-radius: 6px; background: var(--track); }
.sheet span { display: block; text-align: center; font-variant-numeric: tabular-nums; }
`;

/** Returns what people can look at of a rendition: its worst frame beside the source's, and frames over its length. */
export function picturesSection({ quality }: RenditionRecord, { worst, sheet }: ReportPictures): Html {
  const { metric, min } = quality;
  const score = isPlotted(metric) ? `, ${METRIC_FACTS[metric].name} ${scoreText(min, metric)}` : '';
  const pair =
    worst &&
    pairOf({
      title: `The worst frame that was measured, at ${clock(worst.seconds, 0.01)}${score}`,
      left: { name: 'source', picture: jpeg(worst.source) },
      right: { name: 'rendition', picture: jpeg(worst.rendition) },
    });
  return html`${pair}${sheet.length > 0 ? html`<h3>Frames</h3><ul class="sheet">${sheet.map((each) => frameOf(each, precisionOf(sheet)))}</ul>` : undefined}`;
}

const jpeg = (data: string) => ({ type: 'jpeg', data }) as const;

/** Pictures that are less than a few seconds apart need more than whole seconds. */
const precisionOf = (sheet: readonly SheetPicture[]) => ((sheet.at(-1)?.seconds ?? 0) < 60 ? 0.1 : 1);

const frameOf = ({ seconds, jpeg: data }: SheetPicture, precision: number): Html =>
  html`<li>${pictureOf(jpeg(data), `the film at ${clock(seconds, 0.1)}`)}<span class="soft">${clock(seconds, precision)}</span></li>`;
