/**
 * What all pages have in common: colours for light and dark, type, cards, links, icons, badges. Style sheets must not contain "<",
 * because they are put into the markup as they are.
 */
export const DESIGN = `
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
.badge { display: inline-flex; align-items: center; gap: .4em; padding: .12rem .65rem; border-radius: 99px; font-size: .875rem; font-weight: 600; white-space: nowrap; }
.badge.passed, .badge.kept { background: var(--good-bg); color: var(--good); }
.badge.converted { background: var(--change-bg); color: var(--change); }
.badge.failed, .badge.dropped { background: var(--bad-bg); color: var(--bad); }
`;
