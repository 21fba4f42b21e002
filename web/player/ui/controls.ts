import type { Film } from '../film/film.ts';
import { clock, h, imageButton } from './dom.ts';
import type { Preview } from './preview.ts';

export type Deeds = {
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly next: () => void;
  readonly previous: () => void;
  readonly mute: () => void;
  readonly setVolume: (volume: number) => void;
  readonly captions: () => void;
  readonly settings: () => void;
  readonly fullscreen: () => void;
};

export type Controls = {
  readonly element: HTMLElement;
  readonly settings: HTMLButtonElement;
  /** Another film: what it offers, and which part of it is played. */
  film(
    film: Film,
    part: { readonly in?: number | undefined; readonly out?: number | undefined },
    isList: boolean,
  ): void;
  time(video: HTMLVideoElement): void;
  state(state: State): void;
  captions(isOn: boolean): void;
  fullscreen(isOn: boolean): void;
};

export type State = { readonly isPaused: boolean; readonly isMuted: boolean; readonly volume: number };

/** The bar below the picture: buttons and sliders of HTML, in the order in which they are seen. */
export function newControls(does: Deeds): Controls {
  const play = imageButton('play', 'Play (k)', does.toggle);
  const previous = imageButton('previous', 'Previous (Shift+P)', does.previous);
  const next = imageButton('next', 'Next (Shift+N)', does.next);
  const mute = imageButton('loud', 'Mute (m)', does.mute);
  const captions = imageButton('captions', 'Subtitles (c)', does.captions);
  const settings = imageButton('settings', 'Settings', does.settings);
  settings.element.setAttribute('aria-expanded', 'false');
  const large = imageButton('large', 'Full screen (f)', does.fullscreen);
  const volume = h('input', { type: 'range', class: 'volume', min: 0, max: 1, step: 0.05, 'aria-label': 'Volume' });
  const seek = h('input', { type: 'range', min: 0, max: 0, step: 0.1, value: 0, 'aria-label': 'Position' });
  const time = h('span', { class: 'time' }, '0:00');
  const buttons = [play, previous, next, mute].map(({ element }) => element);
  const row = h(
    'div',
    { class: 'row' },
    ...buttons,
    volume,
    time,
    h('span', { class: 'space' }),
    captions.element,
    settings.element,
    large.element,
  );
  const element = h('div', { class: 'bar', part: 'controls' }, h('div', { class: 'seek' }, seek), row);
  let thumbnails: string | undefined;
  let preview: Promise<Preview> | undefined;

  volume.addEventListener('input', () => does.setVolume(volume.valueAsNumber));
  seek.addEventListener('input', () => {
    does.seek(seek.valueAsNumber);
    say(seek.valueAsNumber);
  });

  /** The seconds of the film below a place on the bar. */
  function secondsAt(x: number): number {
    const { left, width } = seek.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (x - left) / (width || 1)));
    return Number(seek.min) + share * (Number(seek.max) - Number(seek.min));
  }
  seek.addEventListener('pointermove', ({ clientX }) => void look(secondsAt(clientX)));
  seek.addEventListener('keyup', () => void look(seek.valueAsNumber));
  for (const gone of ['pointerleave', 'blur'])
    seek.addEventListener(gone, () => preview?.then((shown) => shown.hide()));

  async function look(seconds: number): Promise<void> {
    preview ??= import('../later.ts').then(({ newPreview }) => {
      const made = newPreview(seek);
      made.film(thumbnails);
      return made;
    });
    await (await preview).look(seconds);
  }

  function say(seconds: number): void {
    const [from, to] = [Number(seek.min), Number(seek.max)];
    const text = `${clock(seconds - from)} of ${clock(to - from)}`;
    seek.setAttribute('aria-valuetext', text);
    time.textContent = `${clock(seconds - from)} / ${clock(to - from)}`;
    seek.style.setProperty('--at', `${to > from ? (100 * (seconds - from)) / (to - from) : 0}%`);
  }

  return {
    element,
    settings: settings.element,
    film(film, part, isList) {
      thumbnails = film.thumbnails;
      void preview?.then((shown) => shown.film(thumbnails));
      captions.element.hidden = film.texts.length === 0;
      for (const { element: each } of [previous, next]) each.hidden = !isList;
      seek.min = `${part.in ?? 0}`;
      seek.dataset.out = part.out === undefined ? '' : `${part.out}`;
    },
    time({ currentTime, duration, buffered }) {
      const end = Math.min(
        Number(seek.dataset.out || Number.POSITIVE_INFINITY),
        Number.isFinite(duration) ? duration : 0,
      );
      const from = Number(seek.min);
      seek.max = `${Math.max(from, end)}`;
      seek.valueAsNumber = currentTime;
      const until = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
      seek.style.setProperty('--ready', `${end > from ? Math.min(100, (100 * (until - from)) / (end - from)) : 0}%`);
      say(currentTime);
    },
    state({ isPaused, isMuted, volume: level }) {
      play.show(isPaused ? 'play' : 'pause', isPaused ? 'Play (k)' : 'Pause (k)');
      mute.show(isMuted ? 'silent' : 'loud', isMuted ? 'Sound on (m)' : 'Mute (m)');
      volume.valueAsNumber = isMuted ? 0 : level;
      volume.style.setProperty('--at', `${isMuted ? 0 : 100 * level}%`);
    },
    captions: (isOn) => captions.element.setAttribute('aria-pressed', String(isOn)),
    fullscreen: (isOn) => large.show(isOn ? 'small' : 'large', isOn ? 'Leave full screen (f)' : 'Full screen (f)'),
  };
}
