import { type Html, html } from './html.ts';

/** A picture inside the page, as base64. */
type PagePicture = { readonly type: 'jpeg' | 'png'; readonly data: string };

/** Two pictures of the same frame, one over the other, with a slider between them. */
type Pair = {
  readonly title: string;
  readonly left: { readonly name: string; readonly picture: PagePicture };
  readonly right: { readonly name: string; readonly picture: PagePicture };
};

export const PAIR_STYLE = `
.still { margin: 0 0 1.6rem; }
.pair { position: relative; line-height: 0; overflow: hidden; border-radius: 8px; background: var(--track); }
.pair img { width: 100%; height: auto; }
.pair img + img { position: absolute; inset: 0; }
.sharp .pair img { image-rendering: pixelated; }
.still input { width: 100%; margin: .6rem 0 .2rem; accent-color: var(--accent); }
.ends { display: flex; justify-content: space-between; gap: 1rem; }
`;

/** The upper picture is cut off at the slider. Without scripts it covers the lower one. */
export const PAIR_SCRIPT = `
for (const slider of document.querySelectorAll('.still input')) {
  const upper = slider.parentElement.querySelector('.pair img + img');
  const show = () => { upper.style.clipPath = 'inset(0 0 0 ' + slider.value + '%)'; };
  slider.addEventListener('input', show);
  show();
}
`;

/** Returns two pictures one above the other with a slider that uncovers one of them; `below` goes behind them. */
export const pairOf = ({ title, left, right }: Pair, below?: Html): Html => html`<div class="still"><h3>${title}</h3>
<div class="pair">${pictureOf(left.picture, left.name)}${pictureOf(right.picture, right.name)}</div>
<input type="range" min="0" max="100" value="50" aria-label="${left.name} on the left, ${right.name} on the right">
<div class="ends soft"><span>${left.name}</span><span>${right.name}</span></div>${below}</div>`;

/** Returns a picture that lies in the page itself, with its name as the text for those who do not see it. */
export const pictureOf = ({ type, data }: PagePicture, name: string): Html =>
  html`<img src="data:image/${type};base64,${data}" alt="${name}">`;
