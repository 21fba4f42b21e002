import { formatBytes, formatSaving } from '../format.ts';
import { compareTexts } from '../text-order.ts';
import { type Html, hrefOf, html } from './html.ts';
import { icon } from './icons.ts';
import type { LibraryEntry, MadeFilm, UnmadeFilm } from './library-entry.ts';
import { LIBRARY_SCRIPT, LIBRARY_STYLE } from './library-style.ts';
import { pageOf } from './page.ts';
import { count } from './quality-words.ts';
import { percentText } from './scales.ts';

/**
 * Returns the page of all films in a folder of results. It needs no server, loads nothing but posters that lie beside the
 * reports, and lets no name become markup.
 */
export function libraryHtml(entries: readonly LibraryEntry[], madeAt: string): string {
  const results = entries.toSorted((a, b) => compareTexts(a.name, b.name) || compareTexts(a.recipe, b.recipe));
  return pageOf({
    title: `${count(bytesByFilm(results).size, 'film')}, a Reelmill library`,
    style: LIBRARY_STYLE,
    script: LIBRARY_SCRIPT,
    pictures: "'self'",
    body: html`<main>
<header><p class="eyebrow">Reelmill</p><h1>All films</h1>
<div class="card">${totals(results)}</div></header>
${CONTROLS}
<ul class="films">${results.map((each) => (each.state === 'failed' ? unmadeRow(each) : madeRow(each)))}</ul>
</main>
<footer><p>Made by Reelmill on <time datetime="${madeAt}">${madeAt.slice(0, 16).replace('T', ', ')} UTC</time>, from the manifests that lay here then.</p></footer>`,
  });
}

function totals(results: readonly LibraryEntry[]): Html {
  const made = results.filter((each): each is MadeFilm => each.state !== 'failed');
  const films = bytesByFilm(results);
  const before = [...bytesByFilm(made).values()].reduce((sum, bytes) => sum + bytes, 0);
  const after = made.reduce((sum, each) => sum + each.after, 0);
  const of = (state: LibraryEntry['state']) => results.filter((each) => each.state === state).length;
  const facts: readonly (readonly [string, string])[] = [
    ['Films', String(films.size)],
    ...(films.size === results.length ? [] : ([['Results', String(results.length)]] as const)),
    ['Before and after', `${formatBytes(before)} → ${formatBytes(after)}`],
    ['Altogether', made.length > 0 ? formatSaving(before, after) : 'nothing yet'],
    ['Kept as they were', String(of('kept'))],
    ['Failed', String(of('failed'))],
    ['With warnings', String(made.filter(({ warnings }) => warnings.length > 0).length)],
  ];
  return html`<dl class="totals">${facts.map(([term, says]) => html`<div><dt>${term}</dt><dd>${says}</dd></div>`)}</dl>`;
}

/** Returns the bytes of each film by its name; several recipes make several results of one film. */
function bytesByFilm(results: readonly LibraryEntry[]): ReadonlyMap<string, number> {
  const films = new Map<string, number>();
  for (const each of results) {
    const bytes = each.state === 'failed' ? 0 : each.before;
    films.set(each.name, Math.max(films.get(each.name) ?? 0, bytes));
  }
  return films;
}

const option = ([value, says]: readonly [string, string]): Html => html`<option value="${value}">${says}</option>`;

const STATES = [
  ['all', 'all films'],
  ['done', 'done'],
  ['kept', 'kept as they were'],
  ['failed', 'failed'],
  ['warned', 'with warnings'],
] as const;

const ORDERS = [
  ['name', 'name'],
  ['saved', 'most saved, in percent'],
  ['bytes', 'most saved, in bytes'],
  ['quality', 'lowest quality'],
  ['newest', 'newest'],
] as const;

const CONTROLS = html`<div class="controls" hidden="">
<label class="find">Find<input name="find" type="search" autocomplete="off" placeholder="a part of a name"></label>
<label>Show<select name="state">${STATES.map(option)}</select></label>
<label>Sort by<select name="sort">${ORDERS.map(option)}</select></label>
<p class="shown soft" role="status"></p>
</div>`;

function madeRow(film: MadeFilm): Html {
  const { state, name, recipe, before, after, isSet, quality, score, warnings, at, report, poster } = film;
  const isSaving = before > 0 && !isSet;
  const left = before > 0 ? Math.min(100, (100 * after) / before) : 100;
  const image = poster === undefined ? undefined : html`<img src="${hrefOf(poster)}" alt="" loading="lazy">`;
  return html`<li class="film" data-find="${`${name} ${recipe}`}" data-state="${state}" data-saved="${isSaving ? 1 - after / before : ''}" data-bytes="${isSaving ? before - after : ''}" data-score="${score ?? ''}" data-warnings="${warnings.length}" data-at="${at}">
<a class="poster" href="${hrefOf(report)}" tabindex="-1" aria-hidden="true">${image}</a>
<div><h2><a href="${hrefOf(report)}"><bdi>${name}</bdi></a></h2><p class="soft">${recipe}</p></div>
<div><p class="number">${formatBytes(before)} → ${formatBytes(after)}</p><svg class="gain" aria-hidden="true"><rect class="all" x="0" y="0" width="100%" height="100%"></rect><rect class="rest" x="0" y="0" width="${percentText(left)}" height="100%"></rect></svg></div>
<div><p class="number">${isSet ? undefined : formatSaving(before, after)}</p><p class="soft">${quality}</p></div>
<p class="state"><span class="badge ${state}">${state === 'done' ? html`${icon('passed')}done` : html`${icon('kept')}kept as it was`}</span></p>
${warnings.length > 0 ? html`<details class="warned"><summary>${icon('warning')} ${count(warnings.length, 'warning')}</summary><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></details>` : undefined}</li>`;
}

const unmadeRow = ({ name, recipe, reason, at }: UnmadeFilm): Html =>
  html`<li class="film failed" data-find="${`${name} ${recipe}`}" data-state="failed" data-saved="" data-bytes="" data-score="" data-warnings="0" data-at="${at}">
<span class="poster"></span>
<div><h2><bdi>${name}</bdi></h2><p class="soft">${recipe}</p></div>
<p class="why">${reason}</p>
<p class="state"><span class="badge failed">${icon('failed')}failed</span></p></li>`;
