import type { Item } from '../../../core/montage/playlist.ts';
import type { Film, Rung, Sound } from '../film/film.ts';
import type { Line } from '../line/line.ts';
import { remoteFile, type SourceFile } from '../line/remote-file.ts';
import { Trouble, troubleOf } from '../line/trouble.ts';
import type { Movie } from '../mp4/movie.ts';
import { chooseRung } from './choose-rung.ts';
import { attachSource } from './media-source.ts';
import { beginOf } from './seek-inside.ts';
import { newStream, type Stream } from './stream.ts';
import { isFinal, nextWay, type Way, withFrag } from './way.ts';

/** What a slot plays: an item, its film, and where in it to begin. */
export type Job = { readonly item: Item; readonly film: Film; readonly at: number; readonly sound: Sound | undefined };

export type SlotOptions = {
  readonly video: HTMLVideoElement;
  readonly line: Line;
  readonly isShown: () => boolean;
  readonly wish: () => string | undefined;
  /** A file that lies elsewhere than on a web server: a copy that was taken along. */
  readonly copyOf: (url: string) => SourceFile | undefined;
  readonly on: {
    readonly trouble: (trouble: Trouble) => void;
    readonly fallback: (way: Way, rung: Rung, because: Trouble) => void;
    readonly movie: (movie: Movie) => void;
    readonly rung: (rung: Rung, why: string) => void;
    readonly failed: (trouble: Trouble) => void;
    /** The element has got another source, and is paused by that. */
    readonly begun: () => void;
    readonly ended: () => void;
  };
};

export type Slot = {
  readonly video: HTMLVideoElement;
  load(job: Job): void;
  job(): Job | undefined;
  /** Back to the beginning of the part that it holds. */
  rewind(): void;
  /** Whether it could be shown at once. */
  isReady(): boolean;
  rung(): Rung | undefined;
  frameSeconds(): number | undefined;
  wake(): void;
  clear(): void;
};

/** How often a film may change on the server before it is given up. */
const MOST_CHANGES = 3;
/** Sound that goes on for longer than this behind the last frame is heard to its end. */
const SOUND_BEHIND_SECONDS = 0.25;

/** One of the video elements of a player. */
export function newSlot({ video, line, isShown, wish, copyOf, on }: SlotOptions): Slot {
  let job: Job | undefined;
  let stream: Stream | undefined;
  let nativeRung: Rung | undefined;
  let isOver = false;
  let frameSeconds: number | undefined;
  let lookedAt = { time: 0, frames: 0 };
  let stop = new AbortController();

  const until = () => job?.item.out ?? Number.POSITIVE_INFINITY;

  async function start(now: Job, signal: AbortSignal): Promise<void> {
    const barred = new Set<string>();
    let rough: ReadonlySet<string> = new Set();
    if (now.film.rungs.length > 1)
      void import('../later.ts')
        .then(({ roughRungs }) => roughRungs(now.film.rungs))
        .then(
          (names) => (rough = new Set(names)),
          () => undefined,
        ); // the player goes on without knowing
    let way: Way = 'stream';
    let changes = 0;
    let at = now.at;
    const choose = () => {
      const shownPixels = Math.min(video.clientWidth, video.clientHeight) * devicePixelRatio;
      const wished = wish() ?? now.item.rendition;
      const choice = { bits: line.bits(), shownPixels, wish: wished };
      const rung =
        chooseRung(now.film, { ...choice, barred: new Set([...barred, ...rough]) }) ??
        chooseRung(now.film, { ...choice, barred });
      return rung && { rung, isWish: rung.name === wished };
    };
    for (;;) {
      const chosen = choose();
      if (!chosen) return on.failed(new Trouble('format', 'This browser decodes none of the renditions of this film.'));
      let playing = chosen.rung;
      try {
        if (way === 'native') return await native(playing, at, signal);
        const url = (each: string) => (way === 'fragmented' ? withFrag(each) : each);
        return await streamed({ ...now, at }, { choose, url, onRung: (rung) => (playing = rung) }, signal);
      } catch (error) {
        if (signal.aborted) return;
        const trouble = troubleOf(error);
        at = video.currentTime || at;
        if (trouble.kind === 'changed' && ++changes <= MOST_CHANGES) {
          on.trouble(trouble);
          continue;
        }
        if (isFinal(way, trouble)) return on.failed(trouble);
        const next = nextWay(way, trouble, { url: playing.url, isCopy: copyOf(playing.url) !== undefined });
        if (next === undefined) barred.add(playing.name);
        way = next ?? 'stream';
        const then = choose();
        if (!then) return on.failed(trouble);
        on.fallback(way, then.rung, trouble);
      }
    }
  }

  type How = {
    readonly choose: () => { readonly rung: Rung; readonly isWish: boolean } | undefined;
    readonly url: (url: string) => string;
    readonly onRung: (rung: Rung) => void;
  };

  async function streamed(now: Job, { choose, url, onRung }: How, outer: AbortSignal): Promise<void> {
    const own = new AbortController();
    const signal = AbortSignal.any([outer, own.signal]);
    const attached = attachSource(video);
    if (!attached) throw new Trouble('format', 'This browser cannot stream films.');
    const { film, at: from, sound } = now;
    const rank = () => (isShown() ? 0 : 1);
    stream = newStream({
      ...{ ...attached, video, film, from, until: until(), sound, line, isShown, choose },
      open: (each) => copyOf(each) ?? remoteFile(url(each), { line, rank, onTrouble: on.trouble }),
      on: { ...on, rung: (rung, why) => [onRung(rung), on.rung(rung, why)] },
    });
    const isOutside = beginAt(from, signal);
    on.begun();
    try {
      await Promise.race([stream.run(signal), isOutside, brokenElement(signal)]);
    } finally {
      own.abort();
      stream = undefined;
    }
  }

  /** Goes to a place as soon as the film is known so far; rejects where that lies behind the film's end. */
  const beginAt = (seconds: number, signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      const go = () => (video.currentTime = seconds);
      const look = () =>
        seconds >= video.duration &&
        reject(
          new Trouble('playlist', `The film ends at ${video.duration.toFixed(1)} s, before ${+seconds.toFixed(2)} s.`),
        );
      if (seconds === 0) return;
      video.addEventListener('loadedmetadata', go, { once: true, signal });
      for (const name of ['loadedmetadata', 'durationchange']) video.addEventListener(name, look, { signal });
    });

  /** The element plays the file itself: it asks the server for what it needs. */
  async function native(rung: Rung, at: number, signal: AbortSignal): Promise<void> {
    nativeRung = rung;
    video.src = rung.url;
    const isOutside = beginAt(at, signal);
    on.begun();
    on.rung(rung, 'the browser plays the file as it is');
    await Promise.race([isOutside, brokenElement(signal)]);
  }

  /** Rejects when the element says that it cannot go on. */
  const brokenElement = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      const told = () => {
        reject(
          video.error?.code === MediaError.MEDIA_ERR_NETWORK
            ? new Trouble('network', 'The film does not arrive.')
            : new Trouble('decode', 'The browser cannot decode this film.'),
        );
      };
      video.addEventListener('error', told, { signal });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });

  function over(): void {
    if (isOver || !isShown()) return;
    isOver = true;
    on.ended();
  }

  /** Sees each frame that is shown; one picture of the screen after the last one, the part is over. */
  function look(_: number, { mediaTime, presentedFrames }: VideoFrameCallbackMetadata): void {
    video.requestVideoFrameCallback(look);
    const lasts = mediaTime - lookedAt.time;
    if (presentedFrames === lookedAt.frames + 1 && lasts > 0.001) frameSeconds = Math.min(lasts, frameSeconds ?? 1);
    lookedAt = { time: mediaTime, frames: presentedFrames };
    if (!isShown() || video.paused) return;
    const last = stream?.lastFrame();
    const isLast =
      last === undefined
        ? mediaTime >= until()
        : mediaTime >= last - 0.001 && Math.min(until(), video.duration) - last < SOUND_BEHIND_SECONDS;
    if (isLast) requestAnimationFrame(over);
  }
  if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(look);
  video.addEventListener('ended', over);
  video.addEventListener('timeupdate', () => {
    if (video.currentTime >= until()) over();
  });
  video.addEventListener('seeking', () => {
    isOver = false;
    stream?.wake();
  });

  function clear(): void {
    stop.abort();
    [job, stream, nativeRung, isOver] = [undefined, undefined, undefined, false];
    video.pause();
    video.removeAttribute('src');
    video.load();
  }

  return {
    video,
    job: () => job,
    load(next) {
      clear();
      job = next;
      stop = new AbortController();
      void start(next, stop.signal);
    },
    rewind() {
      isOver = false;
      video.currentTime = job ? beginOf(job.item) : 0;
    },
    isReady: () => job !== undefined && !video.seeking && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA,
    rung: () => stream?.rung() ?? nativeRung,
    // on a busy machine frames are passed over, so that what is seen is only what there is where nothing tells more
    frameSeconds: () => stream?.frameSeconds() ?? frameSeconds,
    wake: () => stream?.wake(),
    clear,
  };
}
