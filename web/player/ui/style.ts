/** The player's style sheet. Pages change it by the custom properties and by `::part(controls)`. */
export const STYLE = `
:host { display: block; position: relative; aspect-ratio: 16 / 9; min-width: 15rem; background: #000; color: #fff; overflow: hidden;
  font: 15px/1.4 var(--reelmill-font, system-ui, sans-serif);
  --accent: var(--reelmill-accent, #a5b4fc); }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
.frame { outline: none; }
:host(:fullscreen) { aspect-ratio: auto; width: 100%; height: 100%; }
video, canvas, .poster, .frame { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: #000; }
video { z-index: 1; }
video.front { z-index: 2; }
canvas { z-index: 3; touch-action: none; cursor: grab; }
.poster { z-index: 4; pointer-events: none; }
.bar { position: absolute; z-index: 6; inset: auto 0 0 0; padding: 2.5rem .5rem .4rem; background: linear-gradient(#0000, #000c 45%);
  transition: opacity .2s; }
.idle .bar { opacity: 0; pointer-events: none; }
.idle { cursor: none; }
.row { display: flex; align-items: center; gap: .1rem; }
.time { margin: 0 .4rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.space { flex: 1; }
button { font: inherit; color: inherit; background: none; border: 0; border-radius: 8px; padding: 0; cursor: pointer; }
.row button { width: 2.6rem; height: 2.6rem; flex: none; display: grid; place-items: center; }
.row button:hover { background: #fff3; }
.row button[aria-pressed=true], .row button[aria-expanded=true] { color: var(--accent); }
svg { width: 1.55rem; height: 1.55rem; fill: currentColor; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.frame:focus-visible::after { content: ""; position: absolute; inset: 0; z-index: 9; pointer-events: none; border: 3px solid var(--accent); }
input[type=range] { appearance: none; margin: 0; height: 1.5rem; cursor: pointer; display: block; width: 100%; border-radius: 6px;
  background: linear-gradient(90deg, var(--accent) var(--at, 0%), #fffb 0 var(--ready, 0%), #fff6 0) 0 50% / 100% 5px no-repeat; }
input::-webkit-slider-thumb { appearance: none; width: 15px; height: 15px; border-radius: 50%; background: #fff; box-shadow: 0 0 3px #000; }
.volume { width: 5rem !important; }
.seek { position: relative; padding: 0 .4rem; }
.message { position: absolute; z-index: 5; inset: 0; display: grid; place-content: center; justify-items: center; gap: .9rem; padding: 1.5rem 1.5rem 5rem; text-align: center; pointer-events: none; }
.message p { margin: 0; max-width: 34rem; padding: .55rem 1rem; border-radius: 10px; background: #14161ee6; overflow-wrap: anywhere; }
.message p:empty { display: none; }
.message button { pointer-events: auto; padding: .5rem 1.3rem; border-radius: 99px; background: #fff; color: #14161e; font-weight: 600; }
.message.big button { width: 4.6rem; height: 4.6rem; padding: 0; display: grid; place-items: center; background: #14161ed9; color: #fff; border: 2px solid #fff; }
[hidden] { display: none !important; }
@container (max-width: 30rem) { .volume { display: none !important; } .row button { width: 2.4rem; } }
:host { container-type: inline-size; }
::cue { background: #000c; color: #fff; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
