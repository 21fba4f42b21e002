import type { Film, Rung, Sound } from '../film/film.ts';
import type { Line } from '../line/line.ts';
import type { SourceFile } from '../line/remote-file.ts';
import { Trouble } from '../line/trouble.ts';
import type { Movie } from '../mp4/movie.ts';
import { newBuffers } from './buffers.ts';
import { type Feed, newFeed } from './feed.ts';

/** At most so much is asked for at once; at the start, so many requests follow each other without a pause. */
export const CHUNK_BYTES = 500_000;
const FIRST_CHUNKS = 3;
/** What is ready at least ahead of the playhead before others may load; the slower the line, the more. */
const AHEAD_SECONDS = 2;
const PLAYING_AHEAD_SECONDS = 8;
const MOST_AHEAD_SECONDS = 30;
/** What was played is kept for so long, to go back to. */
const BEHIND_SECONDS = 20;
/** A rendition is not replaced closer to the playhead than this. */
const CLEAR_SECONDS = 0.5;
const LOOK_MS = 200;

export type StreamOptions = {
  readonly video: HTMLVideoElement;
  readonly source: MediaSource;
  readonly opened: Promise<unknown>;
  readonly film: Film;
  readonly from: number;
  readonly until: number;
  readonly sound: Sound | undefined;
  readonly line: Line;
  /** Whether it is on the screen, or is made ready for later. */
  readonly isShown: () => boolean;
  /** The rendition to play from now on, and whether somebody chose it. Undefined where none can be played. */
  readonly choose: () => { readonly rung: Rung; readonly isWish: boolean } | undefined;
  readonly open: (url: string) => SourceFile;
  readonly on: {
    readonly trouble: (trouble: Trouble) => void;
    readonly movie: (movie: Movie) => void;
    readonly rung: (rung: Rung, why: string) => void;
  };
};

export type Stream = {
  /** Goes on until it is stopped; throws Trouble where it cannot. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks again at once: somebody sought, or chose another rendition. */
  wake(): void;
  /** When the last frame begins, as soon as everything to the end has come. */
  lastFrame(): number | undefined;
  /** How long a frame is shown; undefined before the first has come. */
  frameSeconds(): number | undefined;
  rung(): Rung | undefined;
};

/** Feeds a video element from the renditions of a film. */
export function newStream(options: StreamOptions): Stream {
  const { video, source, opened, film, from, until, sound, line, isShown, on } = options;
  const buffers = newBuffers({
    ...{ source, opened, video, until },
    onFull: () =>
      on.trouble(new Trouble('quota', "The browser's memory for films is full; what was played is let go.")),
  });
  let rung: Rung | undefined;
  let picture: Feed | undefined;
  let voice: Feed | undefined;
  /** The rendition that takes over at the next place where that does not show. */
  let coming: { readonly rung: Rung; readonly feed: Feed } | undefined;
  let chunks = 0;
  let isComplete = false;
  /** The time for which the feeds were last moved: they are not moved twice for one. */
  let movedFor: number | undefined;
  let wakeUp = () => {};
  let reading = new AbortController();

  const feedOf = (
    place: Rung | { readonly url: string; readonly playlist?: string | undefined },
    isVoice: boolean,
  ): Feed =>
    newFeed({
      ...{ place, buffers, until, open: options.open, onMovie: on.movie, onBegin: setDuration },
      want: isVoice ? { picture: false, sound: true } : { picture: true, sound: sound?.url === undefined },
    });

  const playhead = () => (video.readyState === 0 ? Math.max(from, video.currentTime) : video.currentTime);

  /** The time from which something is missing: the end of what lies in the buffers at the playhead. */
  function missingFrom(): number {
    const { buffered } = video;
    for (let i = 0; i < buffered.length; i++)
      if (playhead() >= buffered.start(i) - 0.1 && playhead() <= buffered.end(i)) return buffered.end(i);
    return playhead();
  }

  /** Whether a feed goes on where something is missing. */
  function isInPlace(feed: Feed, missing: number): boolean {
    const { to, lasts } = feed.reached();
    return missing <= to + 0.3 && missing >= to - lasts - 1;
  }

  const feeds = () => [picture, voice].filter((feed) => feed !== undefined);

  async function begin(first: Rung, signal: AbortSignal): Promise<void> {
    if (sound?.url !== undefined) {
      voice = feedOf({ url: sound.url, playlist: sound.playlist }, true);
      await voice.head(signal);
      await opened;
      voice.prepare();
      await voice.seek(from);
    }
    [rung, picture] = [first, feedOf(first, false)];
    if (from > 0 || voice) await picture.head(signal);
    if (voice) picture.prepare(); // a browser takes no further buffer once one of them has got something
    if (from > 0 || voice) await picture.seek(from);
    movedFor = from;
  }

  /** Goes on with another rendition from the next place at which that does not show. */
  async function change(next: { readonly rung: Rung; readonly isWish: boolean }, missing: number, signal: AbortSignal) {
    if (coming?.rung !== next.rung) {
      const feed = feedOf(next.rung, false);
      await feed.head(signal);
      coming = { rung: next.rung, feed };
    }
    const { feed } = coming;
    const want = next.isWish ? Math.min(missing, playhead() + 2 * CLEAR_SECONDS) : missing;
    const opens = feed.openAt(want);
    if (opens === undefined) throw new Trouble('format', 'This rendition has no index and cannot take over.');
    if (opens < playhead() + CLEAR_SECONDS && missing > playhead() + CLEAR_SECONDS && !next.isWish) return;
    await picture?.leave();
    await feed.seek(want);
    [rung, picture, isComplete, coming] = [next.rung, feed, false, undefined];
  }

  /** How far ahead of the playhead the buffers should be. */
  function goal(): number {
    const bits = line.bits();
    if (!isShown()) return AHEAD_SECONDS;
    const chunkSeconds = bits === undefined ? 0 : (8 * CHUNK_BYTES) / bits;
    return Math.min(MOST_AHEAD_SECONDS, Math.max(PLAYING_AHEAD_SECONDS, AHEAD_SECONDS + 3 * chunkSeconds));
  }

  async function tidy(): Promise<void> {
    const old = video.currentTime - BEHIND_SECONDS;
    if (video.buffered.length > 0 && old > video.buffered.start(0) + BEHIND_SECONDS / 2) await buffers.remove(0, old);
  }

  function setDuration(): void {
    const known = picture?.seconds() || film.seconds;
    if (source.readyState === 'open' && known > 0 && !(source.duration >= known)) source.duration = known;
  }

  /** One step: changes the rendition, moves to where something is missing, reads a chunk, or waits. */
  async function step(signal: AbortSignal): Promise<void> {
    const next = options.choose();
    if (!next) throw new Trouble('format', 'This browser decodes none of the renditions of this film.');
    if (!picture) await begin(next.rung, signal);
    const missing = missingFrom();
    const ahead = missing - playhead();
    if (rung && next.rung !== rung && picture && chunks > 0) {
      const before = rung;
      await change(next, missing, signal);
      if (rung === next.rung) on.rung(rung, next.isWish ? 'somebody chose it' : reasonOf(before, rung));
    }
    await tidy();
    const isNew = movedFor === undefined || Math.abs(movedFor - missing) > 0.05;
    const isWanting = !isComplete || missing < Math.min(until, video.duration || 0) - 0.3;
    if (chunks > 0 && isWanting && isNew)
      for (const feed of feeds())
        if (!isInPlace(feed, missing)) {
          await feed.seek(missing);
          [movedFor, isComplete] = [missing, false];
        }
    const open = feeds().filter((feed) => !feed.isAtEnd());
    if (open.length === 0) return finish();
    const isFirst = isShown() && chunks < FIRST_CHUNKS;
    if (ahead > goal() && !isFirst) return pause(signal);
    const [behind] = open.sort((a, b) => a.reached().to - b.reached().to);
    await behind?.next(CHUNK_BYTES, signal);
    chunks += 1;
  }

  async function finish(): Promise<void> {
    if (!isComplete && source.readyState === 'open') {
      for (const feed of feeds()) await feed.leave();
      source.endOfStream();
      isComplete = true;
    }
    await pause(reading.signal);
  }

  const pause = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      const now = () => {
        clearTimeout(timer);
        resolve();
      };
      wakeUp = now;
      signal.addEventListener('abort', now, { once: true });
    });

  return {
    async run(outer) {
      while (!outer.aborted) {
        reading = new AbortController();
        const signal = AbortSignal.any([outer, reading.signal]);
        try {
          await step(signal);
        } catch (error) {
          if (!reading.signal.aborted || outer.aborted) throw error;
          for (const feed of feeds()) await feed.seek(missingFrom()); // what was being read is not wanted any more
          movedFor = missingFrom();
        }
      }
    },
    wake() {
      const isElsewhere = feeds().some((feed) => !isInPlace(feed, missingFrom()));
      movedFor = undefined;
      if (chunks > 0 && isElsewhere && missingFrom() === playhead()) reading.abort();
      wakeUp();
    },
    lastFrame: () => (isComplete ? Math.min(picture?.lastFrame() ?? 0, until) : undefined),
    frameSeconds: () => picture?.frameSeconds() || undefined,
    rung: () => rung,
  };
}

const reasonOf = (before: Rung, now: Rung) =>
  now.bits > before.bits ? 'the line carries more' : 'the line or the picture on the screen is smaller';
