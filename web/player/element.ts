import { type Playlist, type Position, playlistOrDefault } from '../../core/montage/playlist.ts';
import type { PlayerEvent } from './engine/events.ts';
import { newPlayer } from './engine/player.ts';
import type { Player, Shown } from './engine/player-contract.ts';
import type { Film } from './film/film.ts';
import { sphereLayout } from './film/read-manifest.ts';
import type { House } from './house.ts';
import { houseOf } from './house-of.ts';
import type { SourceFile } from './line/remote-file.ts';
import { openFirst } from './open-first.ts';
import type { Sphere } from './sphere/sphere.ts';
import { sphereOf } from './sphere/sphere-of.ts';
import { newFace } from './ui/face.ts';

/** `<reelmill-player src="...">`. Its attributes, properties and events are in docs/player.md. */
export class ReelmillPlayer extends HTMLElement {
  static readonly observedAttributes = ['src', 'muted', 'house'];
  /** Copies that were taken along, by their addresses: they are read from here instead of from a server. */
  copies: ReadonlyMap<string, SourceFile> = new Map();
  /** Films that the page knows already, by their addresses: their descriptions are not asked for. */
  films: ReadonlyMap<string, Film> = new Map();
  #player: Player | undefined;
  #house: House | undefined;
  #opening = new AbortController();
  #isList = false;
  #volume = 1;
  #wish: string | undefined;
  #sound: string | undefined;
  readonly #face = newFace(this, {
    toggle: () => this.toggle(),
    seek: (seconds) => this.seek(seconds),
    next: () => this.next(),
    previous: () => this.previous(),
    play: () => this.play(),
    mute: () => (this.muted = !this.muted),
    setVolume: (volume) => (this.volume = volume),
    louder: (by) => (this.volume += by),
    step: (frames) => {
      this.pause();
      this.seek(this.currentTime + frames * (this.#player?.frameSeconds() ?? 0.04));
    },
    settings: () => {
      const film = this.shown?.film;
      const house = this.#house;
      return (
        film && {
          film,
          playing: this.rendition,
          rendition: { now: this.#wish, choose: (name) => (this.rendition = name) },
          sound: { now: this.#sound, choose: (label) => (this.sound = label) },
          house: house && { now: house.autoplay() === true, choose: (on) => void house.set(on) },
        }
      );
    },
  });

  readonly #sphere = sphereOf({ frame: this.#face.frame, video: () => this.video, tell: (e) => this.#tell(e) });

  connectedCallback(): void {
    this.#player = newPlayer({
      videos: this.#face.videos,
      onEvent: (event) => this.#tell(event),
      onShown: (shown) => this.#show(shown),
      filmOf: (src) => this.films.get(src),
      copyOf: (url) => this.copies.get(url),
    });
    this.#player.setMuted(['muted', 'autoplay', 'house'].some((name) => this.hasAttribute(name)));
    void this.#openHouse().then(() => this.#open());
  }

  disconnectedCallback(): void {
    this.#opening.abort();
    this.#player?.close();
    this.#house?.close();
    this.#sphere.close();
    [this.#player, this.#house] = [undefined, undefined];
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.#player || before === after) return;
    if (name === 'src') void this.#open();
    if (name === 'muted') this.muted = after !== null;
    if (name === 'house') void this.#openHouse();
  }

  play(): void {
    this.#face.message.hide();
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
  async open(playlist: unknown, films: readonly string[] = []): Promise<void> {
    const { readPlaylist } = await import('./later.ts');
    const read = readPlaylist(playlist);
    for (const reason of read?.skipped ?? []) this.#tell({ type: 'skip', at: 'playlist', reason });
    this.#start(
      playlistOrDefault(
        read?.playlist,
        films.map((src) => ({ src: this.#whole(src) })),
      ),
    );
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
    return this.#face.front();
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
  /** The label of the sound that somebody chose. */
  get sound(): string | undefined {
    return this.#sound;
  }
  set sound(label: string | undefined) {
    this.#sound = label;
    if (label !== undefined) this.#player?.setSound(label);
  }
  /** The label of the subtitles that are shown; undefined: none. */
  get captions(): string | undefined {
    return this.#face.captions();
  }
  set captions(label: string | undefined) {
    this.#face.chooseCaptions(label);
  }
  /** The sphere that is looked into; undefined for other films. */
  get sphere(): Promise<Sphere | undefined> {
    return this.#sphere.loaded();
  }
  get house(): House | undefined {
    return this.#house;
  }

  #startsByItself(): boolean {
    return this.#house ? this.#house.autoplay() === true : this.hasAttribute('autoplay');
  }

  #whole(src: string): string {
    return new URL(src, document.baseURI).href;
  }

  async #openHouse(): Promise<void> {
    this.#house?.close();
    this.#house = undefined;
    const url = this.getAttribute('house');
    if (url !== null) this.#house = await houseOf(this, this.#whole(url), (reason) => this.#face.message.say(reason));
    await this.#house?.load();
  }

  /** Opens what `src` names, or where that has nothing to play, what `default-src` names. */
  async #open(): Promise<void> {
    this.#opening.abort();
    this.#opening = new AbortController();
    const sources = ['src', 'default-src']
      .map((name) => this.getAttribute(name) ?? '')
      .filter((src) => src !== '')
      .map((src) => this.#whole(src));
    const playlist = await openFirst(sources, this.#opening.signal, (event) => this.#tell(event));
    if (playlist) this.#start(playlist);
  }

  #start(playlist: Playlist): void {
    const poster = this.getAttribute('poster');
    if (poster !== null) this.#face.poster(this.#whole(poster));
    this.#isList = playlist.montages.flatMap(({ tracks }) => tracks.flatMap(({ items }) => items)).length > 1;
    this.#face.message.hide();
    this.#player?.open(
      { ...playlist, loop: this.#isList ? playlist.loop : this.hasAttribute('loop') },
      this.#startsByItself(),
    );
  }

  #show(shown: Shown): void {
    const { film, item, video } = shown;
    this.#face.show(shown, this.#isList);
    if (film.poster !== undefined && video.readyState < 2 && this.paused) this.#face.poster(film.poster);
    this.#face.frame.ariaLabel = `Video player: ${item.name ?? film.name ?? this.getAttribute('name') ?? 'film'}`;
    const layout = sphereLayout(this.getAttribute('sphere')) ?? (this.hasAttribute('sphere') ? 'mono' : film.sphere);
    if (layout) this.#sphere.show(layout);
    else this.#sphere.hide();
    this.#refresh();
  }

  #refresh(): void {
    this.#face.state({ isPaused: this.paused, isMuted: this.muted, volume: this.#volume });
  }

  #tell(event: PlayerEvent): void {
    this.#face.tell(event);
    if (event.type === 'state' || event.type === 'trouble') this.#refresh();
    this.dispatchEvent(new CustomEvent('reelmill', { detail: event, bubbles: true, composed: true }));
  }
}
