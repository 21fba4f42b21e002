import { adoptMenuStyle } from './adopt-menu-style.ts';
import { clock, h } from './dom.ts';
import { tilesOf } from './thumbnails.ts';

export type Preview = {
  /** The film whose pictures are shown; undefined: none. */
  film(thumbnails: string | undefined): void;
  /** Shows a time of the film above its place on the bar. */
  look(seconds: number): Promise<void>;
  hide(): void;
};

const EDGE = 4;

/** A small picture above the seek bar, out of the film's sprite sheet, and the time. */
export function newPreview(seek: HTMLInputElement): Preview {
  const picture = h('div');
  const told = h('span');
  const element = h('div', { class: 'preview', hidden: true, 'aria-hidden': 'true' }, picture, told);
  adoptMenuStyle(seek);
  seek.after(element);
  let tiles: ReturnType<typeof tilesOf> | undefined;
  let asked = 0;

  return {
    film(thumbnails) {
      tiles = thumbnails === undefined ? undefined : tilesOf(thumbnails);
    },
    async look(seconds) {
      const mine = ++asked;
      const tile = await tiles?.(seconds);
      if (mine !== asked) return;
      const [from, to, width] = [Number(seek.min), Number(seek.max), seek.clientWidth];
      const half = (tile?.width ?? 40) / 2 + EDGE;
      const x = to > from ? ((seconds - from) / (to - from)) * width : 0;
      element.style.left = `${Math.min(Math.max(x, half), Math.max(half, width - half))}px`;
      told.textContent = clock(seconds - from);
      picture.hidden = !tile;
      if (tile)
        Object.assign(picture.style, {
          ...{ width: `${tile.width}px`, height: `${tile.height}px`, backgroundImage: `url("${tile.url}")` },
          backgroundPosition: `-${tile.x}px -${tile.y}px`,
        });
      element.hidden = false;
    },
    hide() {
      asked++;
      element.hidden = true;
    },
  };
}
