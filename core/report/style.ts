/** The style sheet of the page. It must not contain "<", because it is put into the markup as it is. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #f3f4f7; --card: #fff; --text: #1b2130; --soft: #596173; --line: #dfe3ea; --accent: #4338ca; --band: #c7d2fe;
  --good: #15703c; --good-bg: #e1f5e8; --change: #1d4fa8; --change-bg: #e2ecfd; --bad: #b3211f; --bad-bg: #fde7e5;
  --warn: #7a4a00; --warn-bg: #fff1d2; --warn-line: #e0a100; --target: #15703c; --projected: #8a4b00; --track: #c3c9d5;
  --s0: #94a3b8; --s1: #0e7490; --s2: #7c3aed; --s3: #4338ca; --s4: #be185d; --s5: #15803d; --s6: #b45309; --s7: #d5dae3;
}
@media (prefers-color-scheme: dark) { :root {
  --page: #0e1117; --card: #171c26; --text: #e8ebf2; --soft: #9ba5b7; --line: #2b3342; --accent: #a5b4fc; --band: #343c78;
  --good: #6ee7a0; --good-bg: #12341f; --change: #93c0ff; --change-bg: #14294a; --bad: #ff9c94; --bad-bg: #451917;
  --warn: #ffd98a; --warn-bg: #3a2a07; --warn-line: #d19a12; --target: #6ee7a0; --projected: #fdba74; --track: #475062;
  --s0: #94a3b8; --s1: #22b8d6; --s2: #a78bfa; --s3: #818cf8; --s4: #f472b6; --s5: #4ade80; --s6: #fbbf24; --s7: #38404f;
} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main, footer { max-width: 58rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-top: 2.25rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; }
footer { padding-block: 1.25rem 2.5rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: clamp(1.4rem, 1.1rem + 1.8vw, 2.1rem); line-height: 1.2; margin: .2rem 0 1.1rem; letter-spacing: -.015em; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .8rem; letter-spacing: -.005em; }
h3 { font-size: .95rem; margin: 1.7rem 0 .5rem; }
p { margin: 0 0 .6rem; }
a { color: var(--accent); text-underline-offset: .18em; }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
code, pre, .hash { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
.soft, .facts { color: var(--soft); font-size: .875rem; font-weight: 400; }
.facts { display: block; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.35rem 1.5rem; }
.card :last-child { margin-bottom: 0; }
.eyebrow { margin: 0; color: var(--soft); font-size: .875rem; }
.recipe { display: inline-block; margin-left: .35rem; padding: .05rem .6rem; border-radius: 99px; background: var(--change-bg); color: var(--change); font-weight: 600; }
.path { margin-top: -.8rem; }
.big { font-size: 1.35rem; letter-spacing: -.01em; }
.icon { width: 1em; height: 1em; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; vertical-align: -.12em; }

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
.badge { display: inline-flex; align-items: center; gap: .4em; padding: .12rem .65rem; border-radius: 99px; font-size: .875rem; font-weight: 600; white-space: nowrap; }
.badge.passed, .badge.kept { background: var(--good-bg); color: var(--good); }
.badge.converted { background: var(--change-bg); color: var(--change); }
.badge.failed, .badge.dropped { background: var(--bad-bg); color: var(--bad); }

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
