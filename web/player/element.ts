import { type Playlist, type Position, playlistOf, playlistOrDefault } from '../../core/montage/playlist.ts';
import { readPlaylist } from '../../core/montage/read-playlist.ts';
import type { PlayerEvent } from './engine/events.ts';
import { newPlayer, type Player, type Shown } from './engine/player.ts';
import { isDecodable } from './engine/choose-rung.ts';
import { sphereLayout } from './film/read-manifest.ts';
import { openPlaylist } from './film/open-film.ts';
import { type House, openHouse } from './house.ts';
import type { SourceFile } from './line/remote-file.ts';
import { isAbort, troubleOf } from './line/trouble.ts';
import type { Sphere } from './sphere/sphere.ts';
import { newCaptions } from './ui/captions.ts';
import { newControls } from './ui/controls.ts';
import { h } from './ui/dom.ts';
import { type KeyDeeds, pressed } from './ui/keys.ts';
import { newMenu } from './ui/menu.ts';
import { newMessage } from './ui/message.ts';
import { STYLE } from './ui/style.ts';

const IDLE_MS = 3000;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** `<reelmill-player src="...">`. Its attributes, properties and events are in docs/player.md. */
export class ReelmillPlayer extends HTMLElement {
  static readonly observedAttributes = ['src', 'muted', 'house', 'poster'];
  /** Copies that were taken along, by their addresses: they are read from here instead of from a server. */
  copies: ReadonlyMap<string, SourceFile> = new Map();
  #player: Player | undefined;
  #house: House | undefined;
  #sphere: Promise<Sphere | undefined> | undefined;
  #life = new AbortController();
  #opening = new AbortController();
  #isList = false;
  #volume = 1;
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #videos = [h('video', { class: 'front' }), h('video')] as const;
  readonly #captions = newCaptions();
  readonly #poster = h('img', { class: 'poster', alt: '', hidden: true });
  readonly #message = newMessage(() => this.play());
  readonly #menu = newMenu(() => {
    this.#controls.settings.setAttribute('aria-expanded', 'false');
    this.#controls.settings.focus();
  });
  readonly #controls = newControls({
    toggle: () => this.toggle(),
    seek: (seconds) => this.seek(seconds),
    next: () => this.next(),
    previous: () => this.previous(),
    mute: () => (this.muted = !this.muted),
    setVolume: (volume) => (this.volume = volume),
    captions: () => this.#toggleCaptions(),
    settings: () => this.#openMenu(),
    fullscreen: () => this.#toggleFullscreen(),
  });
  readonly #frame = h('div', { class: 'frame', tabindex: 0, role: 'region', 'aria-label': 'Video player' });

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    this.#frame.append(...this.#videos, this.#poster, this.#message.element, this.#menu.element, this.#controls.element);
    root.append(this.#frame);
  }

  connectedCallback(): void {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#player = newPlayer({
      videos: this.#videos,
      onEvent: (event) => this.#tell(event),
      onShown: (shown) => this.#show(shown),
      copyOf: (url) => this.copies.get(url),
    });
    this.#player.setMuted(this.hasAttribute('muted') || this.#startsByItself() || this.hasAttribute('house'));
    this.#frame.addEventListener('keydown', (event) => {
      if (pressed(event, this.#deeds())) event.preventDefault();
      this.#wake();
    }, { signal });
    for (const name of ['pointermove', 'focusin']) this.#frame.addEventListener(name, () => this.#wake(), { signal });
    for (const video of this.#videos) {
      for (const name of ['timeupdate', 'progress', 'durationchange', 'seeked'])
        video.addEventListener(name, () => video.className === 'front' && this.#controls.time(video), { signal });
      video.addEventListener('click', () => (this.#menu.isOpen() ? this.#menu.hide() : this.toggle()), { signal });
    }
    document.addEventListener('fullscreenchange', () => this.#controls.fullscreen(document.fullscreenElement === this), { signal });
    void this.#openHouse().then(() => this.#open());
  }

  disconnectedCallback(): void {
    this.#life.abort();
    this.#opening.abort();
    this.#player?.close();
    this.#house?.close();
    void this.#sphere?.then((sphere) => sphere?.close());
    [this.#player, this.#house, this.#sphere] = [undefined, undefined, undefined];
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.#player || before === after) return;
    if (name === 'src') void this.#open();
    if (name === 'muted') this.muted = after !== null;
    if (name === 'house') void this.#openHouse();
  }

  play(): void {
    this.#message.hide();
    this.#player?.play();
  }
  pause(): void {
    this.#player?.pause();
  }
  toggle(): void {
    if (this.paused) this.play();
    else this.pause();
  }
  seek(seconds: number): void {
    this.#player?.seek(seconds);
  }
  next(): void {
    this.#player?.next();
  }
  previous(): void {
    this.#player?.previous();
  }
  jump(to: Position): void {
    this.#player?.jump(to);
  }

  /** Plays a playlist that the page has, or where it has no item, all of these films. */
  open(playlist: unknown, films: readonly string[] = []): void {
    const read = readPlaylist(playlist);
    for (const reason of read?.skipped ?? []) this.#tell({ type: 'skip', at: 'playlist', reason });
    const all = films.map((src) => ({ src: new URL(src, document.baseURI).href }));
    this.#start(playlistOrDefault(read?.playlist, all));
  }

  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(value: string) {
    this.setAttribute('src', value);
  }
  get paused(): boolean {
    return !this.#player?.isWanted();
  }
  get currentTime(): number {
    return this.video.currentTime;
  }
  set currentTime(seconds: number) {
    this.seek(seconds);
  }
  get muted(): boolean {
    return this.#player?.isMuted() ?? false;
  }
  set muted(value: boolean) {
    this.#player?.setMuted(value);
    this.#refresh();
  }
  get volume(): number {
    return this.#volume;
  }
  set volume(value: number) {
    this.#volume = Math.min(1, Math.max(0, value));
    this.#player?.setVolume(this.#volume);
    this.muted = this.#volume === 0;
  }
  /** The element that shows the film now. */
  get video(): HTMLVideoElement {
    return this.#videos[0].className === 'front' ? this.#videos[0] : this.#videos[1];
  }
  /** The place of what is played, and its film. */
  get shown(): Shown | undefined {
    return this.#player?.shown();
  }
  /** The name of the rendition that is played; set it to choose one, or to undefined to let the player choose. */
  get rendition(): string | undefined {
    return this.#player?.rendition();
  }
  set rendition(name: string | undefined) {
    this.#wish = name;
    this.#player?.setRendition(name);
  }
  #wish: string | undefined;
  /** The direction of view into a sphere, in degrees; undefined for other films. */
  get view(): Promise<Sphere | undefined> {
    return Promise.resolve(this.#sphere);
  }

  #startsByItself(): boolean {
    return this.#house ? this.#house.autoplay() === true : this.hasAttribute('autoplay');
  }

  async #openHouse(): Promise<void> {
    this.#house?.close();
    this.#house = undefined;
    const url = this.getAttribute('house');
    if (url === null) return;
    this.#house = openHouse({
      url: new URL(url, document.baseURI).href,
      onChange: (autoplay) => {
        this.dispatchEvent(new CustomEvent('reelmill-house', { detail: { autoplay }, bubbles: true, composed: true }));
        if (autoplay && this.paused && this.#player?.shown()) this.play();
      },
      onRollBack: (reason) => this.#message.say(reason),
    });
    await this.#house.load();
  }

  async #open(): Promise<void> {
    this.#opening.abort();
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    const fallback = this.getAttribute('default-src');
    for (const src of [this.getAttribute('src'), fallback]) {
      if (src === null || src === '') continue;
      try {
        const { playlist, skipped } = await openPlaylist(new URL(src, document.baseURI).href, signal);
        if (signal.aborted) return;
        for (const reason of skipped) this.#tell({ type: 'skip', at: 'playlist', reason });
        const isEmpty = playlist.montages.every(({ tracks }) => tracks.every(({ items }) => items.length === 0));
        if (isEmpty && fallback !== null && src !== fallback) continue;
        return this.#start(playlist);
      } catch (error) {
        if (isAbort(error) || signal.aborted) return;
        if (fallback !== null && src !== fallback) continue;
        const { kind, message } = troubleOf(error);
        this.#tell({ type: 'error', kind, reason: message });
        return;
      }
    }
  }

  #start(playlist: Playlist): void {
    const poster = this.getAttribute('poster');
    if (poster !== null) this.#showPoster(new URL(poster, document.baseURI).href);
    this.#isList = playlist.montages.flatMap(({ tracks }) => tracks.flatMap(({ items }) => items)).length > 1;
    const loops = this.hasAttribute('loop') || this.#isList;
    this.#message.hide();
    this.#player?.open({ ...playlist, loop: playlist.loop ?? loops }, this.#startsByItself());
  }

  #showPoster(url: string): void {
    this.#poster.src = url;
    this.#poster.hidden = false;
  }

  #show({ video, film, item }: Shown): void {
    for (const each of this.#videos) each.className = each === video ? 'front' : '';
    const [behind] = this.#videos.filter((each) => each !== video);
    behind?.setAttribute('aria-hidden', 'true');
    video.removeAttribute('aria-hidden');
    this.#captions.attach(video, film);
    this.#controls.film(film, item, this.#isList);
    this.#controls.time(video);
    this.#frame.setAttribute('aria-label', `Video player: ${item.name ?? film.name ?? this.getAttribute('name') ?? 'film'}`);
    if (video.readyState < 2 && film.poster && !this.#player?.isWanted()) this.#showPoster(film.poster);
    const layout = sphereLayout(this.getAttribute('sphere')) ?? (this.hasAttribute('sphere') ? 'mono' : film.sphere);
    if (layout) void this.#showSphere(layout);
    else void this.#sphere?.then((sphere) => sphere?.hide());
    this.#refresh();
  }

  async #showSphere(layout: 'mono' | 'top-bottom' | 'left-right'): Promise<void> {
    this.#sphere ??= import('./sphere/sphere.ts').then(
      ({ newSphere }) => newSphere(this.#frame, () => this.video),
      (error: unknown) => {
        this.#tell({ type: 'trouble', kind: 'format', reason: `The sphere cannot be shown as one: ${troubleOf(error).message}` });
        return undefined;
      },
    );
    const sphere = await this.#sphere;
    if (!sphere) this.#sphere = undefined;
    sphere?.show(layout);
  }

  #refresh(): void {
    const chosen = this.#captions.chosen();
    const state = { isPaused: this.paused, isMuted: this.muted, volume: this.#volume };
    this.#controls.state({ ...state, captions: chosen !== undefined });
    this.#wake();
  }

  #tell(event: PlayerEvent): void {
    if (event.type === 'first-frame' || (event.type === 'state' && !event.isPaused)) this.#poster.hidden ||= event.type === 'first-frame';
    if (event.type === 'stall') this.#message.say(event.reason, event.kind === 'autoplay' ? 'Play' : undefined);
    if (event.type === 'error') this.#message.say(event.reason, 'Try again');
    if (event.type === 'go' || event.type === 'step') this.#message.hide();
    if (event.type === 'trouble' && event.kind !== 'network') this.#message.say(event.reason, undefined, 6000);
    if (event.type === 'fallback') this.#message.say(event.reason, undefined, 6000);
    if (event.type === 'state' || event.type === 'trouble') this.#refresh();
    if (event.type === 'state' && event.isPaused && !this.#message.isShown() && this.#player?.shown() === undefined) this.#message.offer();
    this.dispatchEvent(new CustomEvent('reelmill', { detail: event, bubbles: true, composed: true }));
  }

  #openMenu(): void {
    if (this.#menu.isOpen()) return this.#menu.hide();
    const film = this.#player?.shown()?.film;
    if (!film) return;
    const now = this.rendition;
    const rungs = film.rungs.filter(isDecodable);
    const auto = { label: now === undefined ? 'Automatic' : `Automatic (${now})`, isChosen: this.#wish === undefined };
    const groups = [
      {
        title: 'Quality',
        choices: [
          { ...auto, choose: () => (this.rendition = undefined) },
          ...rungs.map(({ name, height, width }) => ({
            label: height > 0 ? `${name} (${width} x ${height})` : name,
            isChosen: this.#wish === name,
            choose: () => (this.rendition = name),
          })),
        ],
      },
      {
        title: 'Sound',
        choices: film.sounds.map(({ label, isDefault }) => ({
          label,
          isChosen: this.#sound === undefined ? isDefault : this.#sound === label,
          choose: () => {
            this.#sound = label;
            this.#player?.setSound(label);
          },
        })),
      },
      {
        title: 'Subtitles',
        choices: [undefined, ...film.texts.map(({ label }) => label)].map((label) => ({
          label: label ?? 'None',
          isChosen: this.#captions.chosen() === label,
          choose: () => this.#chooseCaptions(label),
        })),
      },
    ];
    const house = this.#house;
    const switches = house
      ? [{ label: 'Films start by themselves', isOn: house.autoplay() === true, turn: (on: boolean) => void house.set(on) }]
      : [];
    this.#menu.show(groups.filter(({ choices }) => choices.length > 1), switches);
    this.#controls.settings.setAttribute('aria-expanded', 'true');
  }
  #sound: string | undefined;

  #chooseCaptions(label: string | undefined): void {
    this.#captions.choose(label);
    this.#refresh();
  }

  #toggleCaptions(): void {
    const texts = this.#player?.shown()?.film.texts ?? [];
    this.#chooseCaptions(this.#captions.chosen() === undefined ? (texts.find(({ isDefault }) => isDefault) ?? texts[0])?.label : undefined);
  }

  #toggleFullscreen(): void {
    const done = document.fullscreenElement === this ? document.exitFullscreen() : this.requestFullscreen();
    done.catch(() => this.#message.say('The browser does not allow full screen here.', undefined, 4000));
  }

  #deeds(): KeyDeeds {
    return {
      toggle: () => this.toggle(),
      by: (seconds) => this.seek(this.currentTime + seconds),
      frame: (direction) => {
        this.pause();
        this.seek(this.currentTime + direction * this.#frameSeconds());
      },
      louder: (by) => (this.volume += by),
      mute: () => (this.muted = !this.muted),
      captions: () => this.#toggleCaptions(),
      fullscreen: () => this.#toggleFullscreen(),
      next: () => this.next(),
      previous: () => this.previous(),
      close: () => this.#menu.hide(),
    };
  }

  /** How long a frame lasts, by what was shown; a 25th of a second before that is known. */
  #frameSeconds(): number {
    return this.#player?.frameSeconds() ?? 0.04;
  }

  /** Shows the bar, which hides again while a film plays and nobody uses it. */
  #wake(): void {
    this.#frame.classList.remove('idle');
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const isUsed = this.#menu.isOpen() || this.shadowRoot?.activeElement?.matches('.bar :focus-visible');
      if (!this.paused && !isUsed) this.#frame.classList.add('idle');
    }, IDLE_MS);
  }
}

/** Defines `<reelmill-player>`, once. */
export function define(name = 'reelmill-player'): void {
  if (!customElements.get(name)) customElements.define(name, ReelmillPlayer);
}

export { playlistOf };
