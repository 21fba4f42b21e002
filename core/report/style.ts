import { DESIGN } from './design.ts';

/** The style sheet of the report. */
export const STYLE = `${DESIGN}
.hero { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: baseline; column-gap: 1.5rem; }
.hero > :not(.sizes, .saved) { grid-column: 1 / -1; }
.sizes { font-size: clamp(1.6rem, 1.1rem + 2.6vw, 2.5rem); font-weight: 700; letter-spacing: -.025em; line-height: 1.25; margin-bottom: .7rem; }
.sizes span { white-space: nowrap; }
.arrow { width: .85em; height: .55em; margin: 0 .12em; fill: none; stroke: var(--soft); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.saved { font-size: 1.2rem; font-weight: 700; color: var(--accent); }
.bar { display: block; width: 100%; height: 12px; border-radius: 4px; margin-bottom: .35rem; }
.bar.tall { height: 26px; border-radius: 6px; margin: .8rem 0 .9rem; }
.bar rect { stroke: var(--card); stroke-width: 0; }
.before rect { fill: var(--track); rx: 4px; } .after rect { fill: var(--accent); rx: 4px; }
.verdicts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: .9rem 0 0; padding: 0; }

.warnings { background: var(--warn-bg); color: var(--warn); border: 2px solid var(--warn-line); border-radius: 14px; padding: 1.1rem 1.5rem; }
.warnings h2 { display: flex; align-items: center; gap: .5rem; margin-bottom: .4rem; font-size: 1.25rem; }
.warnings ul { margin: 0; padding-left: 1.2rem; font-weight: 600; }
.warnings li + li { margin-top: .3rem; }

.file { font-size: .875rem; font-weight: 400; margin-left: .4rem; }
.facts-grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .9rem 1.5rem; margin: 0; }
.facts-grid dt, .hashes dt { color: var(--soft); font-size: .8rem; }
.facts-grid dd { margin: 0; font-weight: 600; }
.verdict .icon { color: var(--warn-line); margin-right: .4rem; }
.note { padding: .8rem 1rem; border-radius: 10px; background: var(--page); }

table { width: 100%; border-collapse: collapse; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem .9rem .6rem 0; border-top: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { border: 0; padding-top: 0; color: var(--soft); font-size: .8rem; font-weight: 400; }
tbody th { font-weight: 600; min-width: 7.5rem; }
.number { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: .25rem; }

.checks { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 23rem), 1fr)); gap: .8rem 1.5rem; }
.checks li { display: flex; gap: .65rem; }
.checks .icon { margin-top: .1rem; padding: 3px; width: 1.35rem; height: 1.35rem; border-radius: 50%; }
.passed > .icon { background: var(--good-bg); color: var(--good); } .failed > .icon { background: var(--bad-bg); color: var(--bad); }
.badge > .icon { background: none; }
.mark { font-weight: 600; color: var(--good); } .failed .mark { color: var(--bad); text-transform: uppercase; }

figure { margin: .6rem 0 0; }
figcaption { margin-bottom: .9rem; }
.canvas { display: block; overflow: visible; width: calc(100% - 3.6rem); height: 240px; margin: 0 .6rem 2.2rem 3rem; }
.canvas svg { overflow: visible; }
.canvas path { vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; fill: none; }
.grid, .notch { stroke: var(--line); } .notch { stroke: var(--soft); }
.tick { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.canvas path.band { fill: var(--band); stroke: var(--band); stroke-width: 2; }
rect.band { fill: var(--band); }
.mean-of-column { stroke: var(--accent); stroke-width: 2; }
.canvas path.dots { stroke: var(--accent); stroke-width: 5; }
.canvas path.gap, .gap { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 1 4; stroke-linecap: round; }
.mean { stroke: var(--text); stroke-width: 1.2; }
.target { stroke: var(--target); stroke-width: 2; stroke-dasharray: 8 4; }
.projected { stroke: var(--projected); stroke-width: 1.8; stroke-dasharray: 2 4; }
.lowest { fill: var(--card); stroke: var(--bad); stroke-width: 2.5; }
.lowest-label { font-size: 12px; font-weight: 600; fill: var(--bad); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.hit { fill: var(--text); fill-opacity: 0; } .hit:hover { fill-opacity: .12; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; list-style: none; margin: 0; padding: 0; font-size: .875rem; }
.legend li { display: inline-flex; align-items: center; gap: .45rem; }
.swatch { width: 24px; height: 12px; flex: none; } .tall ~ .legend .swatch { width: 12px; }
.step-0 { fill: var(--s0); } .step-1 { fill: var(--s1); } .step-2 { fill: var(--s2); } .step-3 { fill: var(--s3); }
.step-4 { fill: var(--s4); } .step-5 { fill: var(--s5); } .step-6 { fill: var(--s6); } .step-7 { fill: var(--s7); }

.settings { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; margin: 0 0 1rem; padding: 0; }
.settings code, th code { background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: .05rem .4rem; font-weight: 400; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
details:last-child { padding-bottom: 0; }
summary { cursor: pointer; font-weight: 600; }
pre { margin: .7rem 0; padding: .9rem 1rem; border-radius: 10px; background: var(--page); border: 1px solid var(--line); white-space: pre-wrap; }
.hashes { margin: .7rem 0 0; } .hashes dd { margin: 0 0 .6rem; }

@media (max-width: 34rem) {
  main, footer { padding-inline: .75rem; } main { padding-top: 1.25rem; gap: .9rem; }
  .card, .warnings { padding: 1.05rem 1rem; border-radius: 12px; }
  .hero { grid-template-columns: minmax(0, 1fr); } .sizes { margin-bottom: .2rem; }
  th, td { padding-right: .6rem; } tbody th { min-width: 5.5rem; }
  .streams td:last-child { width: 42%; }
  .facts-grid { grid-template-columns: 1fr 1fr; gap: .7rem 1rem; }
  .canvas { width: calc(100% - 2.9rem); margin-inline: 2.6rem .3rem; height: 210px; } .odd { display: none; }
  table { font-size: .875rem; } .facts { font-size: .8rem; } td .badge { font-size: .75rem; padding-inline: .4rem; gap: .25em; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --accent: #3730a3; --band: #c7d2fe;
    --good: #115c31; --good-bg: #fff; --change: #1d4fa8; --change-bg: #fff; --bad: #a11715; --bad-bg: #fff; --warn: #5c3800; --warn-bg: #fff; --target: #115c31; --projected: #8a4b00; --track: #c3c9d5; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10.5pt; } main, footer { max-width: none; padding-inline: 0; }
  .warnings, figure, tr, .checks li, .hero { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .badge { border: 1px solid currentColor; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
img.crop{max-width:100%;height:auto;border-radius:6px}
`;
