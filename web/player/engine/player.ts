import type { Item } from '../../../core/montage/playlist.ts';
import * as sequencer from '../../../core/montage/sequencer.ts';
import type { Film } from '../film/film.ts';
import { newLine } from '../line/line.ts';
import { isAbort, Trouble, troubleOf } from '../line/trouble.ts';
import { attend } from './attend.ts';
import { newFilms } from './films.ts';
import { tellFirstFrame } from './first-frame.ts';
import type { Player, PlayerOptions, Shown } from './player-contract.ts';
import { rememberTrouble } from './remembered-trouble.ts';
import { beginOf, seekInside } from './seek-inside.ts';
import { newSlot, type Slot } from './slot.ts';
import { startPlaying } from './start-playing.ts';
import { holds, newWaiting, soundNamed } from './waiting.ts';
import { fallbackEvent } from './way.ts';

/** Plays a playlist in two video elements: while one plays, the other holds the next item, ready on its first frame. */
export function newPlayer({ videos, onEvent, onShown, filmOf, copyOf }: PlayerOptions): Player {
  const line = newLine();
  const films = newFilms(filmOf);
  let state = sequencer.newSequencer({ montages: [] });
  let isWanted = false;
  let isMuted = true;
  let volume = 1;
  let wish: string | undefined;
  let soundLabel: string | undefined;
  const troubles = rememberTrouble();
  let front: 0 | 1 = 0;

  const slotOf = (video: HTMLVideoElement) =>
    newSlot({
      ...{ video, line, copyOf },
      isShown: () => videos[front] === video,
      wish: () => wish,
      on: {
        trouble,
        fallback: (way, rung, because) => {
          troubles.note(because);
          onEvent(fallbackEvent(way, rung, because));
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
    });
  const slots = [slotOf(videos[0]), slotOf(videos[1])] as const;
  const fore = () => slots[front];
  const behind = () => slots[front === 0 ? 1 : 0];
  for (const video of videos) {
    video.playsInline = true;
    video.preload = 'auto';
  }
  const measureAnew = tellFirstFrame(
    videos,
    (video) => videos[front] === video,
    (milliseconds) => onEvent({ type: 'first-frame', milliseconds }),
  );
  const leave = attend({
    video: () => fore().video,
    isWanted: () => isWanted && state.playing !== undefined,
    lastTrouble: troubles.last,
    onStall: ({ kind, message }) => onEvent({ type: 'stall', kind, reason: message }),
    onGo: () => onEvent({ type: 'go' }),
    onPaused: () => resume(),
    onStuck: () => failedIn(fore().video, new Trouble('decode', 'The browser does not move the film on.')),
    onOnline: () => isWanted && !state.playing && restart(),
  });

  function trouble(why: Trouble): void {
    troubles.note(why);
    onEvent({ type: 'trouble', kind: why.kind, reason: why.message });
  }

  const shown = (): Shown | undefined => {
    const job = fore().job();
    const { playing } = state;
    return job && playing && { video: fore().video, film: job.film, item: job.item, position: playing.position };
  };

  const soundOf = (film: Film) => soundNamed(film, soundLabel);
  const waiting = newWaiting({
    ...{ films, soundOf },
    slot: behind,
    next: () => nextPlaying(),
    failed(why, at) {
      troubles.note(why);
      go(sequencer.failed(state, why.message, at));
    },
  });

  function failedIn(video: HTMLVideoElement, why: Trouble): void {
    troubles.note(why);
    if (videos[front] === video) {
      go(sequencer.failed(state, why.message));
      return;
    }
    waiting.broken(why);
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
      fore().video.pause();
      isWanted = false;
      // a list that was played to its end is no failure; one of which nothing was played is
      const reason = Object.values(next.failed)[0] ?? (before ? undefined : end.reason);
      if (reason) onEvent({ type: 'error', kind: troubles.kindNow() ?? 'playlist', reason });
      tellState();
    }
  }

  /** Brings an item to the screen: at once where the other slot holds it, or as soon as its film is known. */
  async function show(item: Item | undefined): Promise<void> {
    if (!item) return;
    const mine = state;
    const coming = behind();
    if (holds(coming, item, soundOf)) {
      if (!coming.isReady() && coming.video.currentTime !== beginOf(item) && !coming.video.seeking) coming.rewind();
      front = front === 0 ? 1 : 0;
      present(coming);
      behind().video.pause();
      coming.wake();
      setTimeout(() => void waiting.ready(), 0);
      return;
    }
    try {
      const film = await films.of(item);
      if (mine !== state) return;
      fore().load({ item, film, at: beginOf(item), sound: soundOf(film) });
      present(fore());
      void waiting.ready();
    } catch (error) {
      if (isAbort(error) || mine !== state) return;
      const why = troubleOf(error);
      troubles.note(why);
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
    if (video.readyState > 1 || behind().video.readyState < 2) tell();
    else video.addEventListener('loadeddata', tell, { once: true });
  }

  function resume(): void {
    startPlaying(fore().video, {
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

  function restart(): void {
    state = sequencer.newSequencer(state.playlist);
    films.clear();
    go(sequencer.start(state));
  }

  function setMuted(value: boolean): void {
    isMuted = value;
    fore().video.muted = value || state.playing?.item.muted === true;
  }

  const tellState = () => onEvent({ type: 'state', isPaused: !isWanted });

  return {
    open(playlist, autoplay) {
      films.clear();
      for (const slot of slots) slot.clear();
      measureAnew();
      [state, isWanted] = [sequencer.newSequencer(playlist), autoplay];
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
      fore().video.pause();
      tellState();
    },
    seek(seconds) {
      const now = shown();
      if (now) seekInside(now, seconds);
    },
    next: () => go(sequencer.skipped(state)),
    previous: () => go(sequencer.previous(state)),
    jump: (to) => go(sequencer.jumped(state, to)),
    setMuted,
    setVolume(value) {
      volume = value;
      fore().video.volume = value;
    },
    setRendition(name) {
      wish = name;
      for (const slot of slots) slot.wake();
    },
    setSound(label) {
      soundLabel = label;
      const job = fore().job();
      if (job) fore().load({ ...job, at: fore().video.currentTime, sound: soundOf(job.film) });
      if (isWanted) resume();
      void waiting.ready();
    },
    shown,
    rendition: () => fore().rung()?.name,
    frameSeconds: () => fore().frameSeconds(),
    isWanted: () => isWanted,
    isMuted: () => isMuted,
    close() {
      films.clear();
      leave();
      isWanted = false;
      for (const slot of slots) slot.clear();
    },
  };
}
