import { clock, formatUsd } from '../format.ts';
import type { Manifest, RenditionRecord } from '../job/manifest.ts';
import { type Html, html } from './html.ts';

/** Returns the section on how the files were made: settings, tools, commands, hashes; mostly folded away. */
export function makingSection({ settings, renditions, source, job, recipeKey, machine, cost }: Manifest): Html {
  const asked = Object.entries(settings).map(([name, value]) => html`<li><code>${name}=${String(value)}</code></li>`);
  return html`<section class="card making">
<h2>How it was made</h2>
<p>Settings:${asked.length > 0 ? undefined : " the recipe's own."}</p>
${asked.length > 0 ? html`<ul class="settings">${asked}</ul>` : undefined}
${renditions.map(commandOf)}
<details><summary>Hashes and names</summary><dl class="hashes">
<dt>source, sha256</dt><dd><code>${source.sha256}</code></dd>
${renditions.map(({ path, sha256 }) => html`<dt>${path}, sha256</dt><dd><code>${sha256}</code></dd>`)}
<dt>recipe and tools</dt><dd><code>${recipeKey}</code></dd>
<dt>job</dt><dd><code>${job}</code></dd>
<dt>length of the source</dt><dd>${clock(source.durationSeconds, 0.001)}</dd>
</dl></details>
${machine === undefined ? rented(cost) : undefined}
</section>`;
}

/** The bill is folded away: nobody wants one of a run on their own machine. */
const rented = ({ estimatedUsd, vcpuHours, basis }: Manifest['cost']): Html =>
  html`<details><summary>What it would cost on a rented machine</summary><p>About ${formatUsd(estimatedUsd)} for ${vcpuHours.toPrecision(2)} vCPU hours. Basis: ${basis}.</p></details>`;

function commandOf({ name, command, tool }: RenditionRecord): Html {
  const said =
    command.length > 0
      ? html`<pre tabindex="0">${command.map(shellWord).join(' ')}</pre>`
      : html`<p>No encoder ran for these bytes.</p>`;
  return html`<details><summary>The command of ${name}</summary>${said}<p class="soft">${tool}</p></details>`;
}

/** Quotes a word for a POSIX shell, so that the command can be copied. */
const shellWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
