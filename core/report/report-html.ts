import { formatBytes, formatSaving, formatUsd } from '../format.ts';
import { isStreamed } from '../job/job-figures.ts';
import { filesOf, type Manifest } from '../job/manifest.ts';
import { cropSection, type FramedPart } from './crop-section.ts';
import { fileName, type Html, hrefOf, html } from './html.ts';
import { icon } from './icons.ts';
import { makingSection } from './making-section.ts';
import { pageOf } from './page.ts';
import { PAIR_SCRIPT, PAIR_STYLE } from './pair.ts';
import { PICTURES_STYLE } from './pictures-section.ts';
import { count, qualityLine } from './quality-words.ts';
import { renditionSection } from './rendition-section.ts';
import type { ReportPictures } from './report-pictures.ts';
import { percentText } from './scales.ts';
import { publishedBytes } from './sizes.ts';
import { sidecarsTable, streamFatesTable } from './streams-table.ts';
import { STYLE } from './style.ts';
import type { Score } from './thin-series.ts';
import { timeBar } from './time-bar.ts';

export type SeriesByName = Readonly<Record<string, readonly Score[]>>;
type PicturesByName = Readonly<Record<string, ReportPictures>>;

/** Returns the report of a job: one page that loads nothing else, and lets no name in the manifest become markup. */
export function reportHtml(
  manifest: Manifest,
  series: SeriesByName,
  pictures: PicturesByName = {},
  crop?: FramedPart,
): string {
  const { source, recipe, renditions } = manifest;
  const sections = renditions.map((record) => {
    const scores = Object.hasOwn(series, record.name) ? (series[record.name] ?? []) : [];
    return renditionSection(record, scores, manifest, picturesFor(record.name, pictures));
  });
  const shown = renditions.map(({ name }) => picturesFor(name, pictures));
  const hasPairs = shown.some((each) => each?.worst !== undefined);
  const hasPictures = hasPairs || shown.some((each) => each && each.sheet.length > 0);
  return pageOf({
    title: `${fileName(source.path)}: ${recipe}, a Reelmill report`,
    style: hasPictures ? STYLE + PAIR_STYLE + PICTURES_STYLE : STYLE,
    script: hasPairs ? PAIR_SCRIPT : undefined,
    pictures: hasPictures || crop ? 'data:' : undefined,
    body: html`<main>
${header(manifest)}
${warnings(manifest)}
${crop ? cropSection(crop) : undefined}
${renditions.length > 1 ? overview(manifest) : undefined}
${sections}
<section class="card"><h2>Streams of the source</h2>${streamFatesTable(manifest)}</section>
${manifest.sidecars.length > 0 ? html`<section class="card"><h2>Sidecars</h2><p>Files beside the renditions, for what the renditions cannot hold.</p>${sidecarsTable(manifest)}</section>` : undefined}
<section class="card"><h2>Time</h2>${timeBar(manifest)}</section>
${manifest.machine === undefined ? undefined : cost(manifest)}
${makingSection(manifest)}
</main>
<footer><p>Made by Reelmill on ${madeAt(manifest)}. The same as data: <a href="./manifest.json">manifest.json</a></p></footer>`,
  });
}

const picturesFor = (name: string, pictures: PicturesByName) =>
  Object.hasOwn(pictures, name) ? pictures[name] : undefined;

function header(manifest: Manifest): Html {
  const { source, recipe, renditions, sidecars } = manifest;
  const after = publishedBytes(manifest);
  const most = Math.max(source.bytes, after, 1);
  const width = (bytes: number) => percentText((100 * bytes) / most);
  const what = [
    count(renditions.length, 'rendition'),
    ...(sidecars.length > 0 ? [count(sidecars.length, 'sidecar')] : []),
  ];
  const others = filesOf(manifest).length - renditions.length - sidecars.length;
  const folder =
    fileName(source.path) === source.path ? undefined : html`<p class="soft path"><bdi>${source.path}</bdi></p>`;
  return html`<header>
<p class="eyebrow">Reelmill report <span class="recipe">${recipe}</span></p>
<h1><bdi>${fileName(source.path)}</bdi></h1>
${folder}
<div class="hero card">
<p class="sizes"><span>${formatBytes(source.bytes)}</span> <svg class="arrow" viewBox="0 0 24 16" role="img" aria-label="became"><path d="M1 8h20M15 2l6 6-6 6"></path></svg> <span>${formatBytes(after)}</span></p>
${isStreamed(manifest) ? undefined : html`<p class="saved">${formatSaving(source.bytes, after)}</p>`}
<svg class="bar before" aria-hidden="true"><rect x="0" y="0" width="${width(source.bytes)}" height="100%"></rect></svg>
<svg class="bar after" aria-hidden="true"><rect x="0" y="0" width="${width(after)}" height="100%"></rect></svg>
<p class="soft">The upper bar is the source, the lower one what was published: ${what.join(', ')}${others > 0 ? `, ${count(others, 'thumbnail or playlist file')}` : ''}.</p>
${verdict(manifest)}
</div>
</header>`;
}

function verdict({ renditions, streams }: Manifest): Html {
  const checks = renditions.flatMap((each) => each.checks);
  const failed = checks.filter(({ passed }) => !passed).length;
  const mark = failed === 0 ? 'passed' : 'failed';
  const words =
    failed === 0
      ? checks.length === 1
        ? 'The only check passed'
        : `All ${count(checks.length, 'check')} passed`
      : `${failed} of ${count(checks.length, 'check')} failed`;
  const fates = (['kept', 'converted', 'dropped'] as const).flatMap((fate) => {
    const n = streams.filter((stream) => stream.fate === fate).length;
    return n > 0 ? [html`<li class="badge ${fate}">${icon(fate)}${count(n, 'stream')} ${fate}</li>`] : [];
  });
  return html`<ul class="verdicts"><li class="badge ${mark}">${icon(mark)}${words}</li>${fates}</ul>`;
}

function warnings({ warnings: all }: Manifest): Html | undefined {
  const said = [...new Set(all)];
  if (said.length === 0) return undefined;
  const items = said.map((warning) => html`<li>${warning}</li>`);
  return html`<section class="warnings" aria-labelledby="warnings"><h2 id="warnings">${icon('warning')}${count(said.length, 'warning')}</h2><ul>${items}</ul></section>`;
}

function overview({ renditions, source }: Manifest): Html {
  const rows = renditions.map(
    (record) =>
      html`<tr><th scope="row"><a href="${hrefOf(record.path)}">${fileName(record.path)}</a><span class="facts">${record.width}×${record.height} ${record.codec}</span></th><td>${formatBytes(record.bytes)}<span class="facts">${formatSaving(source.bytes, record.bytes)}</span></td><td>${qualityLine(record)}</td></tr>`,
  );
  return html`<section class="card"><h2>Renditions</h2><table><thead><tr><th scope="col">File</th><th scope="col">Size</th><th scope="col">Quality</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function cost({ cost: { estimatedUsd, vcpuHours, basis } }: Manifest): Html {
  const hours = vcpuHours < 0.01 ? vcpuHours.toPrecision(2) : vcpuHours.toFixed(2);
  return html`<section class="card"><h2>Cost</h2><p><b class="big">about ${formatUsd(estimatedUsd)}</b></p><p class="soft">An estimate, for ${hours} vCPU hours. Basis: ${basis}.</p></section>`;
}

function madeAt({ madeAt: text }: Manifest): Html {
  const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/.exec(text);
  return instant ? html`<time datetime="${text}">${instant[1]}, ${instant[2]} UTC</time>` : html`${text}`;
}
