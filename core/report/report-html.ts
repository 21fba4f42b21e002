import { createHash } from 'node:crypto';
import { formatBytes, formatSaving, formatUsd } from '../format.ts';
import { filesOf, type Manifest } from '../job/manifest.ts';
import { cropSection, type FramedPart } from './crop-section.ts';
import { type Html, hrefOf, html } from './html.ts';
import { icon } from './icons.ts';
import { makingSection } from './making-section.ts';
import { count, qualityLine } from './quality-words.ts';
import { renditionSection } from './rendition-section.ts';
import { percentText } from './scales.ts';
import { publishedBytes } from './sizes.ts';
import { sidecarsTable, streamFatesTable } from './streams-table.ts';
import { STYLE } from './style.ts';
import type { Score } from './thin-series.ts';
import { timeBar } from './time-bar.ts';

/**
 * Returns the report of a job: one page that loads nothing else, runs no script, and lets no name in the manifest
 * become markup. Its content security policy allows this style sheet and nothing more, in case an escape is ever
 * missed.
 */
export function reportHtml(
  manifest: Manifest,
  series: Readonly<Record<string, readonly Score[]>>,
  crop?: FramedPart,
): string {
  const { source, recipe, renditions } = manifest;
  const sections = renditions.map((record) => {
    const scores = Object.hasOwn(series, record.name) ? (series[record.name] ?? []) : [];
    return renditionSection(record, scores, manifest);
  });
  const page = html`<!DOCTYPE html><html lang="en"><head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${crop ? POLICY_WITH_PICTURE : POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${nameOf(source.path)}: ${recipe}, a Reelmill report</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<main>
${header(manifest)}
${warnings(manifest)}
${crop ? cropSection(crop) : undefined}
${renditions.length > 1 ? overview(manifest) : undefined}
${sections}
<section class="card"><h2>Streams of the source</h2>${streamFatesTable(manifest)}</section>
${manifest.sidecars.length > 0 ? html`<section class="card"><h2>Sidecars</h2><p>Files beside the renditions, for what the renditions cannot hold.</p>${sidecarsTable(manifest)}</section>` : undefined}
<section class="card"><h2>Time</h2>${timeBar(manifest)}</section>
${cost(manifest)}
${makingSection(manifest)}
</main>
<footer><p>Made by Reelmill on ${madeAt(manifest)}. The same as data: <a href="./manifest.json">manifest.json</a></p></footer>
</body></html>`;
  return page.markup;
}

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The picture is in the page itself. */
const POLICY_WITH_PICTURE = `${POLICY}; img-src data:`;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/', path.length - 2) + 1);

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
    nameOf(source.path) === source.path ? undefined : html`<p class="soft path"><bdi>${source.path}</bdi></p>`;
  return html`<header>
<p class="eyebrow">Reelmill report <span class="recipe">${recipe}</span></p>
<h1><bdi>${nameOf(source.path)}</bdi></h1>
${folder}
<div class="hero card">
<p class="sizes"><span>${formatBytes(source.bytes)}</span> <svg class="arrow" viewBox="0 0 24 16" role="img" aria-label="became"><path d="M1 8h20M15 2l6 6-6 6"></path></svg> <span>${formatBytes(after)}</span></p>
<p class="saved">${formatSaving(source.bytes, after)}</p>
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
      ? `All ${count(checks.length, 'check')} passed`
      : `${failed} of ${count(checks.length, 'check')} failed`;
  const fates = (['kept', 'converted', 'dropped'] as const).flatMap((fate) => {
    const n = streams.filter((stream) => stream.fate === fate).length;
    return n > 0 ? [html`<li class="badge ${fate}">${icon(fate)}${count(n, 'stream')} ${fate}</li>`] : [];
  });
  return html`<ul class="verdicts"><li class="badge ${mark}">${icon(mark)}${words}</li>${fates}</ul>`;
}

function warnings({ warnings: said }: Manifest): Html | undefined {
  if (said.length === 0) return undefined;
  const items = said.map((warning) => html`<li>${warning}</li>`);
  return html`<section class="warnings" aria-labelledby="warnings"><h2 id="warnings">${icon('warning')}${count(said.length, 'warning')}</h2><ul>${items}</ul></section>`;
}

function overview({ renditions, source }: Manifest): Html {
  const rows = renditions.map(
    (record) =>
      html`<tr><th scope="row"><a href="${hrefOf(record.path)}">${record.path}</a><span class="facts">${record.width}×${record.height} ${record.codec}</span></th><td>${formatBytes(record.bytes)}<span class="facts">${formatSaving(source.bytes, record.bytes)}</span></td><td>${qualityLine(record)}</td></tr>`,
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
