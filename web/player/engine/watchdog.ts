import type { Trouble } from '../line/trouble.ts';
import { Trouble as Cause } from '../line/trouble.ts';

export type Watched = {
  readonly video: () => HTMLVideoElement;
  /** Whether it should be moving. */
  readonly isWanted: () => boolean;
  /** What went wrong most recently, and when. */
  readonly lastTrouble: () => { readonly trouble: Trouble; readonly at: number } | undefined;
  readonly onStall: (why: Trouble) => void;
  readonly onGo: () => void;
  /** The browser has paused it. */
  readonly onPaused: () => void;
  /** It has everything it needs, and still stands. */
  readonly onStuck: () => void;
};

const LOOK_MS = 250;
const STILL_MS = 1000;
const STUCK_MS = 6000;
const NUDGE_SECONDS = 0.05;
/** A hole in the buffers that is shorter than this is leapt over. */
const HOLE_SECONDS = 1;

/** Looks whether a film that should move moves, and finds out why not. Returns what ends it. */
export function watch({ video, isWanted, lastTrouble, onStall, onGo, onPaused, onStuck }: Watched): () => void {
  let seen = { video: video(), time: -1, since: performance.now() };
  let told: string | undefined;
  let isNudged = false;

  function look(): void {
    const now = video();
    const at = performance.now();
    if (now !== seen.video || now.currentTime !== seen.time || !isWanted()) {
      seen = { video: now, time: now.currentTime, since: at };
      if (told !== undefined) onGo();
      [told, isNudged] = [undefined, false];
      return;
    }
    leap(now);
    if (now.paused && !document.hidden) onPaused();
    const still = at - seen.since;
    if (still < STILL_MS) return;
    const why = reason(now, lastTrouble());
    if (told !== why.message) onStall(why);
    told = why.message;
    if (why.kind !== 'decode') return;
    if (still > STUCK_MS) {
      seen = { ...seen, since: at };
      onStuck();
    } else if (still > STUCK_MS / 2 && !isNudged) {
      isNudged = true;
      now.currentTime += NUDGE_SECONDS;
    }
  }
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** Goes to what is buffered next where only a short hole lies before it. */
function leap(video: HTMLVideoElement): void {
  const { buffered, currentTime } = video;
  if (video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA || video.seeking) return;
  for (let i = 0; i < buffered.length; i++) {
    const begins = buffered.start(i);
    if (begins > currentTime && begins - currentTime < HOLE_SECONDS) {
      video.currentTime = begins + 0.001;
      return;
    }
  }
}

function reason(video: HTMLVideoElement, last: ReturnType<Watched['lastTrouble']>): Trouble {
  if (!navigator.onLine)
    return new Cause('network', 'This device is offline; the film goes on when it is online again.');
  if (video.paused && document.hidden)
    return new Cause('background', 'The browser has stopped the film because its page is in the background.');
  if (video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA)
    return new Cause('decode', 'The film has arrived, but the browser does not move it on.');
  const isRecent = last && performance.now() - last.at < 15_000;
  return isRecent ? last.trouble : new Cause('network', 'The film arrives too slowly; it goes on as soon as it can.');
}
