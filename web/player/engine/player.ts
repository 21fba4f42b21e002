import { type Item, isSamePart, type Playlist, type Position, positionName } from '../../../core/montage/playlist.ts';
import * as sequencer from '../../../core/montage/sequencer.ts';
import type { Film, Sound } from '../film/film.ts';
import { openFilm } from '../film/open-film.ts';
import { newLine } from '../line/line.ts';
import type { SourceFile } from '../line/remote-file.ts';
import { isAbort, Trouble, troubleOf } from '../line/trouble.ts';
import type { PlayerEvent } from './events.ts';
import { newSlot, type Slot } from './slot.ts';

export type PlayerOptions = {
  /** Two elements, one above the other; the player shows one and makes the other ready. */
  readonly videos: readonly [HTMLVideoElement, HTMLVideoElement];
  readonly onEvent: (event: PlayerEvent) => void;
  /** Another element is shown, or the film in it is known now. */
  readonly onShown: (shown: Shown) => void;
  readonly copyOf?: (url: string) => SourceFile | undefined;
};

export type Shown = { readonly video: HTMLVideoElement; readonly film: Film; readonly item: Item; readonly position: Position };

export type Player = {
  /** Shows the first item, and plays it if `autoplay`; without sound, as browsers ask for it. */
  open(playlist: Playlist, autoplay: boolean): void;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  next(): void;
  previous(): void;
  jump(to: Position): void;
  setMuted(isMuted: boolean): void;
  setVolume(volume: number): void;
  /** The name of a rendition; undefined: the player chooses. */
  setRendition(name: string | undefined): void;
  setSound(label: string): void;
  /** What is shown now. */
  shown(): Shown | undefined;
  rendition(): string | undefined;
  /** How long a frame of the film lasts, as far as it was shown. */
  frameSeconds(): number | undefined;
  isWanted(): boolean;
  isMuted(): boolean;
  close(): void;
};

const KEPT_FILMS = 20;
const WATCHING_AFTER_MS = 500;

/** Plays a playlist in two video elements: while one plays, the other holds the next item, ready on its first frame. */
export function newPlayer({ videos, onEvent, onShown, copyOf = () => undefined }: PlayerOptions): Player {
  const line = newLine();
  const films = new Map<string, Promise<Film>>();
  let state = sequencer.newSequencer({ montages: [] });
  let isWanted = false;
  let isMuted = true;
  let volume = 1;
  let wish: string | undefined;
  let soundLabel: string | undefined;
  let lastTrouble: { readonly trouble: Trouble; readonly at: number } | undefined;
  let front = 0;
  let opened = performance.now();
  let hasFrame = false;
  let isClosed = false;
  let life = new AbortController();
  /** The item that the other slot gets ready, or why it cannot be. */
  let readying: { readonly position: string; readonly abort: AbortController } | undefined;

  const slots: readonly Slot[] = videos.map((video) =>
    newSlot({
      ...{ video, line, copyOf },
      isShown: () => videos[front] === video,
      wish: () => wish,
      on: {
        trouble,
        fallback: (way, { name }, because) => {
          note(because);
          const how = { stream: 'another rendition', fragmented: 'the server divides it', native: 'the browser plays the file by itself' };
          onEvent({ type: 'fallback', way, rendition: name, kind: because.kind, reason: `${because.message} Now ${how[way]}.` });
        },
        movie: ({ sphere }) => {
          if (videos[front] !== video) return;
          const film = shown();
          if (film) onShown(sphere && !film.film.sphere ? { ...film, film: { ...film.film, sphere } } : film);
        },
        rung: ({ name }, reason) => videos[front] === video && onEvent({ type: 'quality', rendition: name, reason }),
        failed: (why) => failedIn(video, why),
        begun: () => videos[front] === video && isWanted && resume(),
        ended: () => go(sequencer.ended(state)),
      },
    }),
  );
  for (const video of videos) {
    video.playsInline = true;
    video.preload = 'auto';
    video.addEventListener('loadeddata', () => {
      if (hasFrame || videos[front] !== video) return;
      hasFrame = true;
      onEvent({ type: 'first-frame', milliseconds: performance.now() - opened });
    });
  }
  const slotAt = (i: number): Slot => {
    const slot = slots[i];
    if (!slot) throw new Error(`no slot ${i}`);
    return slot;
  };
  let stopWatching = () => {};
  /** It comes a moment later, so that it takes nothing from the first frame. */
  const watching = setTimeout(async () => {
    const { watch } = await import('../later.ts');
    if (isClosed) return;
    stopWatching = watch({
      video: () => slotAt(front).video,
      isWanted: () => isWanted && state.playing !== undefined,
      lastTrouble: () => lastTrouble,
      onStall: ({ kind, message }) => onEvent({ type: 'stall', kind, reason: message }),
      onGo: () => onEvent({ type: 'go' }),
      onPaused: () => resume(),
      onStuck: () => failedIn(slotAt(front).video, new Trouble('decode', 'The browser does not move the film on.')),
    });
  }, WATCHING_AFTER_MS);
  const onVisible = () => !document.hidden && isWanted && slotAt(front).video.paused && resume();
  document.addEventListener('visibilitychange', onVisible);
  const onOnline = () => isWanted && !state.playing && restart();
  addEventListener('online', onOnline);

  function note(why: Trouble): void {
    lastTrouble = { trouble: why, at: performance.now() };
  }

  function trouble(why: Trouble): void {
    note(why);
    onEvent({ type: 'trouble', kind: why.kind, reason: why.message });
  }

  const shown = (): Shown | undefined => {
    const job = slotAt(front).job();
    const { playing } = state;
    return job && playing && { video: slotAt(front).video, film: job.film, item: job.item, position: playing.position };
  };

  function filmOf({ src }: Item): Promise<Film> {
    const known = films.get(src);
    films.delete(src);
    const film = known ?? openFilm(src, life.signal);
    films.set(src, film);
    film.catch(() => films.delete(src));
    for (const old of [...films.keys()].slice(0, -KEPT_FILMS)) films.delete(old);
    return film;
  }

  const soundOf = ({ sounds }: Film): Sound | undefined =>
    sounds.find(({ label }) => label === soundLabel) ?? sounds.find(({ isDefault }) => isDefault);

  function failedIn(video: HTMLVideoElement, why: Trouble): void {
    note(why);
    if (videos[front] === video) return go(sequencer.failed(state, why.message));
    const { position } = readying ?? {};
    const at = nextPlaying()?.position;
    slotAt(1 - front).clear();
    if (at && positionName(at) === position) {
      go(sequencer.failed(state, why.message, at));
      void ready();
    }
  }

  /** What the sequencer says is told, and done. */
  function go({ state: next, events }: sequencer.Sequenced): void {
    const before = state.playing;
    state = next;
    for (const event of events) onEvent(event);
    const step = events.findLast((event) => event.type === 'step');
    if (step) void show(next.playing?.item);
    else if (before && !next.playing) {
      const end = events.at(-1);
      slotAt(front).video.pause();
      isWanted = false;
      const { kind = 'playlist' } = lastTrouble && performance.now() - lastTrouble.at < 1000 ? lastTrouble.trouble : {};
      const isBad = Object.keys(next.failed).length > 0;
      if (isBad && end?.type === 'end') onEvent({ type: 'error', kind, reason: `${Object.values(next.failed)[0]}` });
      tellState();
    }
  }

  /** Brings an item to the screen: at once where the other slot holds it, or as soon as its film is known. */
  async function show(item: Item | undefined): Promise<void> {
    if (!item) return;
    const behind = slotAt(1 - front);
    const held = behind.job();
    const mine = state;
    if (held && isSamePart(held.item, item) && soundOf(held.film) === held.sound) {
      if (!behind.isReady() && behind.video.currentTime !== (item.in ?? 0) && !behind.video.seeking) behind.rewind();
      const before = slotAt(front);
      front = 1 - front;
      swap(before, behind);
      behind.wake();
      setTimeout(() => void ready(), 0);
      return;
    }
    try {
      const film = await filmOf(item);
      if (mine !== state) return;
      slotAt(front).load({ item, film, at: item.in ?? 0, sound: soundOf(film) });
      present(slotAt(front));
      void ready();
    } catch (error) {
      if (isAbort(error) || mine !== state) return;
      const why = troubleOf(error);
      note(why);
      go(sequencer.failed(state, why.message));
    }
  }

  function swap(before: Slot, after: Slot): void {
    present(after);
    before.video.pause();
  }

  function present({ video }: Slot): void {
    const item = state.playing?.item;
    video.muted = isMuted || item?.muted === true;
    video.volume = volume;
    if (isWanted && video.readyState > 0) resume();
    const now = shown();
    if (now) onShown(now);
  }

  function resume(): void {
    const { video } = slotAt(front);
    video.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || !isWanted) return;
      if (!video.muted) {
        setMuted(true);
        trouble(new Trouble('autoplay', 'The browser plays films with sound only after a click, so this one plays without.'));
        return resume();
      }
      isWanted = false;
      onEvent({ type: 'stall', kind: 'autoplay', reason: 'The browser starts no film by itself here; press play.' });
      tellState();
    });
  }

  /** What would follow if the item ended now. */
  const nextPlaying = () => (state.playing ? sequencer.ended(state).state.playing : undefined);

  /** Gets the next item ready in the other slot. */
  async function ready(): Promise<void> {
    const next = nextPlaying();
    const behind = slotAt(1 - front);
    readying?.abort.abort();
    if (!next) return behind.clear();
    const position = positionName(next.position);
    const abort = new AbortController();
    readying = { position, abort };
    const held = behind.job();
    if (held && isSamePart(held.item, next.item) && soundOf(held.film) === held.sound) return behind.rewind();
    behind.clear();
    try {
      const film = await filmOf(next.item);
      if (abort.signal.aborted) return;
      behind.video.muted = true;
      behind.load({ item: next.item, film, at: next.item.in ?? 0, sound: soundOf(film) });
    } catch (error) {
      if (isAbort(error) || abort.signal.aborted) return;
      const why = troubleOf(error);
      note(why);
      go(sequencer.failed(state, why.message, next.position));
      if (nextPlaying()) void ready();
    }
  }

  function restart(): void {
    state = sequencer.newSequencer(state.playlist);
    films.clear();
    go(sequencer.start(state));
  }

  function setMuted(value: boolean): void {
    isMuted = value;
    slotAt(front).video.muted = value || state.playing?.item.muted === true;
  }

  const tellState = () => onEvent({ type: 'state', isPaused: !isWanted });

  return {
    open(playlist, autoplay) {
      life.abort();
      life = new AbortController();
      for (const slot of slots) slot.clear();
      [state, isWanted, opened, hasFrame] = [sequencer.newSequencer(playlist), autoplay, performance.now(), false];
      films.clear();
      go(sequencer.start(state));
      tellState();
    },
    play() {
      isWanted = true;
      if (!state.playing) restart();
      else resume();
      tellState();
    },
    pause() {
      isWanted = false;
      slotAt(front).video.pause();
      tellState();
    },
    seek(seconds) {
      const now = shown();
      if (!now) return;
      const end = Math.min(now.item.out ?? Number.POSITIVE_INFINITY, now.video.duration || 0);
      now.video.currentTime = Math.min(Math.max(now.item.in ?? 0, seconds), Math.max(0, end - 0.01));
    },
    next: () => go(sequencer.skipped(state)),
    previous: () => go(sequencer.previous(state)),
    jump: (to) => go(sequencer.jumped(state, to)),
    setMuted,
    setVolume(value) {
      volume = value;
      slotAt(front).video.volume = value;
    },
    setRendition(name) {
      wish = name;
      for (const slot of slots) slot.wake();
    },
    setSound(label) {
      soundLabel = label;
      const job = slotAt(front).job();
      if (job) slotAt(front).load({ ...job, at: slotAt(front).video.currentTime, sound: soundOf(job.film) });
      if (isWanted) resume();
      void ready();
    },
    shown,
    rendition: () => slotAt(front).rung()?.name,
    frameSeconds: () => slotAt(front).frameSeconds(),
    isWanted: () => isWanted,
    isMuted: () => isMuted,
    close() {
      life.abort();
      isClosed = true;
      clearTimeout(watching);
      stopWatching();
      document.removeEventListener('visibilitychange', onVisible);
      removeEventListener('online', onOnline);
      isWanted = false;
      for (const slot of slots) slot.clear();
    },
  };
}
