import type { PlayerEvent } from '../engine/events.ts';
import type { Shown } from '../engine/player-contract.ts';
import type { Captions } from './captions.ts';
import { newControls, type State } from './controls.ts';
import { h } from './dom.ts';
import type { Menu, Settings } from './menu.ts';
import { type Message, newMessage } from './message.ts';
import { STYLE } from './style.ts';

export type FaceDeeds = {
  readonly play: () => void;
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly step: (frames: 1 | -1) => void;
  readonly next: () => void;
  readonly previous: () => void;
  readonly mute: () => void;
  readonly setVolume: (volume: number) => void;
  readonly louder: (by: number) => void;
  readonly settings: () => Omit<Settings, 'text'> | undefined;
};

/** All that is seen of a player: its elements, in the shadow of its own. */
export type Face = {
  readonly frame: HTMLElement;
  readonly videos: readonly [HTMLVideoElement, HTMLVideoElement];
  readonly message: Message;
  /** The label of the subtitles that are shown; undefined: none. */
  captions(): string | undefined;
  chooseCaptions(label: string | undefined): void;
  front(): HTMLVideoElement;
  show(shown: Shown, isList: boolean): void;
  poster(url: string): void;
  state(state: Omit<State, 'captions'>): void;
  tell(event: PlayerEvent): void;
};

/** Keys by which a page would scroll. */
const TAKEN = /^( |Arrow.*)$/;
const IDLE_MS = 3000;
const BRIEFLY_MS = 6000;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** Draws the player into its element. Returns the parts that change. */
export function newFace(host: HTMLElement, does: FaceDeeds): Face {
  const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
  root.adoptedStyleSheets = [sheet];
  const videos = [h('video', { class: 'front' }), h('video', { 'aria-hidden': 'true' })] as const;
  const picture = h('img', { class: 'poster', alt: '', hidden: true });
  const message = newMessage(does.play);
  let captions: Captions | undefined;
  let menu: Promise<Menu> | undefined;
  let shown: Shown | undefined;
  let isPlaying = false;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const front = () => (videos[0].className === 'front' ? videos[0] : videos[1]);
  const isMenuOpen = () => controls.settings.ariaExpanded === 'true';
  const withCaptions = async () => {
    const { newCaptions } = await import('../later.ts');
    captions ??= newCaptions();
    if (shown) captions.attach(shown.video, shown.film);
    controls.captions(captions.chosen() !== undefined);
    return captions;
  };
  const chooseCaptions = async (label: string | undefined) => {
    (await withCaptions()).choose(label);
    controls.captions(label !== undefined);
  };
  const toggleCaptions = () => {
    const texts = shown?.film.texts ?? [];
    const first = (texts.find(({ isDefault }) => isDefault) ?? texts[0])?.label;
    void chooseCaptions(captions?.chosen() === undefined ? first : undefined);
  };
  const fullscreen = () => {
    const done = document.fullscreenElement === host ? document.exitFullscreen() : host.requestFullscreen();
    done.catch(() => message.say('Full screen is not allowed here.', undefined, BRIEFLY_MS));
  };
  const closeMenu = () => menu?.then((open) => open.hide());

  async function openMenu(): Promise<void> {
    if (isMenuOpen()) return closeMenu();
    const settings = does.settings();
    if (!settings) return;
    controls.settings.ariaExpanded = 'true';
    menu ??= import('../later.ts').then(({ newMenu }) => {
      const made = newMenu(() => {
        controls.settings.ariaExpanded = 'false';
        controls.settings.focus();
      });
      controls.element.before(made.element);
      return made;
    });
    (await menu).show({
      ...settings,
      text: { now: captions?.chosen(), choose: (label) => void chooseCaptions(label) },
    });
  }

  const controls = newControls({ ...does, captions: toggleCaptions, settings: () => void openMenu(), fullscreen });
  const frame = h(
    'div',
    { class: 'frame', tabindex: 0, role: 'region', 'aria-label': 'Video player' },
    ...[...videos, picture, message.element, controls.element],
  );
  root.append(frame);

  /** Shows the bar, which hides again while a film plays and nobody uses it. */
  function wake(): void {
    frame.classList.remove('idle');
    clearTimeout(idle);
    idle = setTimeout(() => {
      const isUsed = isMenuOpen() || controls.element.querySelector(':focus-visible');
      if (isPlaying && !isUsed) frame.classList.add('idle');
    }, IDLE_MS);
  }

  frame.addEventListener('keydown', async (event) => {
    // or the page scrolls; buttons and sliders need them
    if (TAKEN.test(event.key) && event.composedPath()[0] === frame) event.preventDefault();
    const [target] = event.composedPath();
    const { pressed } = await import('../later.ts');
    const by = (seconds: number) => does.seek(front().currentTime + seconds);
    const deeds = { ...does, by, captions: toggleCaptions, fullscreen, close: () => void closeMenu() };
    pressed(event, target, deeds);
    wake();
  });
  for (const name of ['pointermove', 'focusin']) frame.addEventListener(name, wake);
  for (const video of videos) {
    for (const name of ['timeupdate', 'progress', 'durationchange', 'seeked'])
      video.addEventListener(name, () => video === front() && controls.time(video));
    video.addEventListener('click', () => (isMenuOpen() ? void closeMenu() : does.toggle()));
  }
  host.addEventListener('fullscreenchange', () => controls.fullscreen(document.fullscreenElement === host));

  return {
    ...{ frame, videos, message, front },
    captions: () => captions?.chosen(),
    chooseCaptions: (label) => void chooseCaptions(label),
    show(now, isList) {
      shown = now;
      for (const each of videos) {
        each.className = each === now.video ? 'front' : '';
        each.ariaHidden = String(each !== now.video);
      }
      if (captions || now.film.texts.length > 0) void withCaptions();
      controls.film(now.film, now.item, isList);
      controls.time(now.video);
    },
    poster(url) {
      picture.src = url;
      picture.hidden = false;
    },
    state(state) {
      isPlaying = !state.isPaused;
      controls.state(state);
      controls.captions(captions?.chosen() !== undefined);
      wake();
    },
    tell(event) {
      const { type } = event;
      if (type === 'first-frame') picture.hidden = true;
      if (type === 'stall') message.say(event.reason, event.kind === 'autoplay' ? 'Play' : undefined);
      if (type === 'error') message.say(event.reason, 'Try again');
      if (type === 'go' || type === 'step') message.hide();
      if (type === 'fallback' || (type === 'trouble' && event.kind !== 'network'))
        message.say(event.reason, undefined, BRIEFLY_MS);
    },
  };
}
