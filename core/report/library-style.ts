import { DESIGN } from './design.ts';

/** The style sheet of the page of all films. */
export const LIBRARY_STYLE = `${DESIGN}
main, footer { max-width: 84rem; }
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 1rem 1.5rem; margin: 0; }
.totals dt { color: var(--soft); font-size: .8rem; } .totals dd { margin: 0; font-size: 1.45rem; font-weight: 700; letter-spacing: -.015em; font-variant-numeric: tabular-nums; }
.controls { display: flex; flex-wrap: wrap; gap: .7rem; align-items: end; }
.controls[hidden] { display: none; }
.controls label { display: grid; gap: .2rem; color: var(--soft); font-size: .8rem; flex: 0 1 11rem; min-width: 0; }
.controls .find { flex: 1 1 14rem; }
.controls input, .controls select { font: inherit; font-size: 1rem; width: 100%; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 9px; padding: .45rem .65rem; }
.controls :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.shown { flex-basis: 100%; margin: 0; }
.films { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.film { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr) minmax(0, 11rem) minmax(0, 9.5rem) minmax(0, 10rem); gap: .3rem 1.2rem; align-items: center; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .6rem .9rem .6rem .6rem; content-visibility: auto; contain-intrinsic-size: auto 6rem; }
.film[hidden] { display: none; }
.poster { display: block; aspect-ratio: 16 / 9; border-radius: 7px; overflow: hidden; background: var(--track); }
.poster img { width: 100%; height: 100%; object-fit: contain; display: block; background: #000; }
.film h2 { font-size: 1rem; margin: 0; } .film p { margin: 0; }
.film .number { margin: 0; color: var(--text); font-variant-numeric: tabular-nums; }
.gain { display: block; width: 100%; height: 8px; border-radius: 4px; margin-top: .3rem; }
.gain .all { fill: var(--track); } .gain .rest { fill: var(--accent); }
.failed .why { grid-column: 3 / 5; }
.badge.failed, .badge.kept, .badge.done { white-space: normal; }
.badge.done { background: var(--good-bg); color: var(--good); } .badge.kept { background: var(--change-bg); color: var(--change); }
.warned { color: var(--warn); } .warned summary { font-size: .875rem; } .warned ul { margin: .3rem 0 0; padding-left: 1.1rem; font-size: .875rem; }
.warned { border: 0; padding: .2rem 0 0; grid-column: 2 / -1; }
@media (max-width: 60rem) {
  .film { grid-template-columns: 7rem minmax(0, 1fr) minmax(0, 8rem); }
  .film > :nth-child(n + 3) { grid-column: 2 / -1; } .film > .state { grid-column: 3; grid-row: 1; justify-self: end; }
}
@media (max-width: 34rem) {
  main, footer { padding-inline: .75rem; } main { padding-top: 1.25rem; gap: .9rem; }
  .film { grid-template-columns: 5.5rem minmax(0, 1fr); gap: .3rem .8rem; padding: .7rem; } .film > .poster { grid-row: 1; align-self: start; }
  .film > :nth-child(n + 3) { grid-column: 1 / -1; } .film > .state { grid-column: 1 / -1; grid-row: auto; justify-self: start; }
  .film > .poster:empty { display: none; } .film > .poster:empty + div { grid-column: 1 / -1; }
  .totals { grid-template-columns: 1fr 1fr; } .totals dd { font-size: 1.15rem; }
  .controls label, .controls .find { flex: 1 1 40%; } .controls .find { flex-basis: 100%; }
}
@media print { .controls { display: none; } .film { break-inside: avoid; content-visibility: visible; } }
`;

/** Filters and sorts the films that are in the page. Without scripts they stand in the order of their names. */
export const LIBRARY_SCRIPT = `
const controls = document.querySelector('.controls');
const list = document.querySelector('.films');
const films = [...list.children].map((row, place) => ({ row, place, text: row.dataset.find.normalize('NFC').toLowerCase() }));
const [find, state, sort] = ['find', 'state', 'sort'].map((name) => controls.querySelector('[name=' + name + ']'));
const number = (name) => (film) => Number(film.row.dataset[name] || 'NaN');
const last = (value) => (Number.isNaN(value) ? -Infinity : value);
const orders = {
  name: (a, b) => a.place - b.place,
  saved: (a, b) => last(number('saved')(b)) - last(number('saved')(a)),
  bytes: (a, b) => last(number('bytes')(b)) - last(number('bytes')(a)),
  quality: (a, b) => -last(-number('score')(a)) + last(-number('score')(b)),
  newest: (a, b) => (a.row.dataset.at < b.row.dataset.at ? 1 : a.row.dataset.at > b.row.dataset.at ? -1 : 0),
};
const states = {
  all: () => true,
  warned: (row) => row.dataset.warnings > 0,
  done: (row) => row.dataset.state === 'done',
  kept: (row) => row.dataset.state === 'kept',
  failed: (row) => row.dataset.state === 'failed',
};
const show = () => {
  const words = find.value.normalize('NFC').toLowerCase().split(' ').filter((word) => word !== '');
  let shown = 0;
  for (const { row, text } of films) {
    row.hidden = !states[state.value](row) || !words.every((word) => text.includes(word));
    if (!row.hidden) shown++;
  }
  controls.querySelector('.shown').textContent = shown + ' of ' + films.length + ' shown';
};
const order = () => list.append(...films.toSorted(orders[sort.value]).map(({ row }) => row));
find.addEventListener('input', show);
state.addEventListener('change', show);
sort.addEventListener('change', order);
controls.hidden = false;
show();
if (sort.value !== 'name') order();
`;
