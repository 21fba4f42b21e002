import { DESIGN } from '../report/design.ts';

/** The style sheet of a gallery's pages. */
export const GALLERY_STYLE = `${DESIGN}
main, footer { max-width: 84rem; }
.films { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1.1rem; }
.film { background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
.film a { display: block; color: inherit; text-decoration: none; } .film a:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: 14px; }
.film h2 { font-size: 1rem; margin: 0; } .film .words { padding: .7rem .9rem .85rem; } .film p { margin: 0; }
.poster { display: block; position: relative; aspect-ratio: 16 / 9; background: #000; overflow: hidden; }
.poster img { width: 100%; height: 100%; object-fit: contain; display: block; }
.tile { position: absolute; inset: 0; margin: auto; background-repeat: no-repeat; } .tile[hidden] { display: none; }
.time { position: absolute; right: .5rem; bottom: .5rem; padding: 0 .45rem; border-radius: 6px; background: #000c; color: #fff; font-size: .8rem; font-variant-numeric: tabular-nums; }
reelmill-player { display: block; aspect-ratio: 16 / 9; background: #000; border-radius: 14px; overflow: hidden; }
reelmill-player video { width: 100%; height: 100%; display: block; }
table { width: 100%; border-collapse: collapse; } th, td { text-align: left; padding: .45rem .8rem .45rem 0; border-top: 1px solid var(--line); vertical-align: top; } thead th { border: 0; color: var(--soft); font-size: .8rem; font-weight: 400; }
td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; }
@media (max-width: 34rem) { main, footer { padding-inline: .75rem; } th, td { padding-right: .45rem; } }
`;

/** Moves through a film's sprite sheet under the pointer, or by the arrow keys on its link; the link then begins there. */
export const GALLERY_SCRIPT = `
const two = (n) => String(n).padStart(2, '0');
const clock = (s) => (s >= 3600 ? Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) : Math.floor(s / 60)) + ':' + two(Math.floor(s) % 60);
for (const link of document.querySelectorAll('a[data-sprite]')) {
  const { sprite, columns, rows, width, height, every, seconds } = link.dataset;
  const poster = link.querySelector('.poster');
  const time = link.querySelector('.time');
  const [page, whole] = [link.getAttribute('href'), time.textContent];
  const last = Math.min(columns * rows, Math.max(1, Math.ceil(seconds / every))) - 1;
  const tile = document.createElement('span');
  tile.className = 'tile';
  tile.hidden = true;
  poster.append(tile);
  let at = -1;
  const show = (to) => {
    at = Math.max(-1, Math.min(last, to));
    tile.hidden = at < 0;
    link.href = at < 0 ? page : page + '#t=' + at * every;
    time.textContent = at < 0 ? whole : clock(at * every) + ' / ' + whole;
    if (at < 0) return;
    const size = Math.min(poster.clientWidth / width, poster.clientHeight / height);
    tile.style.width = width * size + 'px';
    tile.style.height = height * size + 'px';
    tile.style.backgroundImage = 'url("' + sprite + '")';
    tile.style.backgroundSize = columns * width * size + 'px ' + rows * height * size + 'px';
    tile.style.backgroundPosition = -(at % columns) * width * size + 'px ' + -Math.floor(at / columns) * height * size + 'px';
  };
  poster.addEventListener('pointermove', ({ clientX }) => {
    const { left, width: wide } = poster.getBoundingClientRect();
    show(Math.floor(((clientX - left) / wide) * (last + 1)));
  });
  poster.addEventListener('pointerleave', () => show(-1));
  link.addEventListener('blur', () => show(-1));
  link.addEventListener('keydown', (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last, Escape: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
}
const video = document.querySelector('reelmill-player > video');
const from = Number(/^#t=(\\d+(?:\\.\\d+)?)$/.exec(location.hash)?.[1] ?? 0);
if (video && from > 0) video.addEventListener('loadedmetadata', () => { video.currentTime = from; }, { once: true });
`;
