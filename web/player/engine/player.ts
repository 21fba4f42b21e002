import { type Item, isSamePart, positionName } from '../../../core/montage/playlist.ts';
import * as sequencer from '../../../core/montage/sequencer.ts';
import type { Film, Sound } from '../film/film.ts';
import { newLine } from '../line/line.ts';
import { isAbort, Trouble, troubleOf } from '../line/trouble.ts';
import { newFilms } from './films.ts';
import { keepWatch } from './keep-watch.ts';
import type { Player, PlayerOptions, Shown } from './player-contract.ts';
import { newSlot, type Slot } from './slot.ts';
import { startPlaying } from './start-playing.ts';

/** Plays a playlist in two video elements: while one plays, the other holds the next item, ready on its first frame. */
export function newPlayer({ videos, onEvent, onShown, copyOf = () => undefined }: PlayerOptions): Player {
  const line = newLine();
  const films = newFilms();
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
          const how = {
            stream: 'another rendition',
            fragmented: 'the server divides it',
            native: 'the browser plays the file by itself',
          };
          onEvent({
            type: 'fallback',
            way,
            rendition: name,
            kind: because.kind,
            reason: `${because.message} Now ${how[way]}.`,
          });
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
  const stopWatching = keepWatch({
    video: () => slotAt(front).video,
    isWanted: () => isWanted && state.playing !== undefined,
    lastTrouble: () => lastTrouble,
    onStall: ({ kind, message }) => onEvent({ type: 'stall', kind, reason: message }),
    onGo: () => onEvent({ type: 'go' }),
    onPaused: () => resume(),
    onStuck: () => failedIn(slotAt(front).video, new Trouble('decode', 'The browser does not move the film on.')),
  });
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

  const soundOf = ({ sounds }: Film): Sound | undefined =>
    sounds.find(({ label }) => label === soundLabel) ?? sounds.find(({ isDefault }) => isDefault);

  /** Whether a slot holds just this part, with the sound that is wanted. */
  const holds = (slot: Slot, item: Item): boolean => {
    const held = slot.job();
    return held !== undefined && isSamePart(held.item, item) && soundOf(held.film) === held.sound;
  };

  function failedIn(video: HTMLVideoElement, why: Trouble): void {
    note(why);
    if (videos[front] === video) {
      go(sequencer.failed(state, why.message));
      return;
    }
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
    const end = events.at(-1);
    if (step) void show(next.playing?.item);
    else if (end?.type === 'end') {
      slotAt(front).video.pause();
      isWanted = false;
      const { kind = 'playlist' } = lastTrouble && performance.now() - lastTrouble.at < 1000 ? lastTrouble.trouble : {};
      // a list that was played to its end is no failure; one of which nothing was played is
      const reason = Object.values(next.failed)[0] ?? (before ? undefined : end.reason);
      if (reason) onEvent({ type: 'error', kind, reason });
      tellState();
    }
  }

  /** Brings an item to the screen: at once where the other slot holds it, or as soon as its film is known. */
  async function show(item: Item | undefined): Promise<void> {
    if (!item) return;
    const behind = slotAt(1 - front);
    const mine = state;
    if (holds(behind, item)) {
      if (!behind.isReady() && behind.video.currentTime !== (item.in ?? 0) && !behind.video.seeking) behind.rewind();
      const before = slotAt(front);
      front = 1 - front;
      present(behind);
      before.video.pause();
      behind.wake();
      setTimeout(() => void ready(), 0);
      return;
    }
    try {
      const film = await films.of(item);
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

  function present({ video }: Slot): void {
    const item = state.playing?.item;
    video.muted = isMuted || item?.muted === true;
    video.volume = volume;
    if (isWanted && video.readyState > 0) resume();
    const tell = () => {
      const now = shown();
      if (now) onShown(now);
    };
    // until it has a picture, the last one of the other element stays
    if (video.readyState > 1 || slotAt(1 - front).video.readyState < 2) tell();
    else video.addEventListener('loadeddata', tell, { once: true });
  }

  function resume(): void {
    startPlaying(slotAt(front).video, {
      isWanted: () => isWanted,
      mute: () => setMuted(true),
      onSilent: trouble,
      onRefused({ kind, message }) {
        isWanted = false;
        onEvent({ type: 'stall', kind, reason: message });
        tellState();
      },
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
    if (holds(behind, next.item)) return behind.rewind();
    behind.clear();
    try {
      const film = await films.of(next.item);
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
      films.clear();
      for (const slot of slots) slot.clear();
      [state, isWanted, opened, hasFrame] = [sequencer.newSequencer(playlist), autoplay, performance.now(), false];
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
      films.clear();
      stopWatching();
      document.removeEventListener('visibilitychange', onVisible);
      removeEventListener('online', onOnline);
      isWanted = false;
      for (const slot of slots) slot.clear();
    },
  };
}
