import { keepWatch } from './keep-watch.ts';
import type { Watched } from './watchdog.ts';

export type Attended = Watched & {
  /** The device is online again. */
  readonly onOnline: () => void;
};

/** Looks whether the film moves, and hears when the page is seen and the device is online again. Returns what ends it. */
export function attend(attended: Attended): () => void {
  const { video, isWanted, onPaused, onOnline } = attended;
  const stopWatching = keepWatch(attended);
  const onVisible = () => !document.hidden && isWanted() && video().paused && onPaused();
  document.addEventListener('visibilitychange', onVisible);
  addEventListener('online', onOnline);
  return () => {
    stopWatching();
    document.removeEventListener('visibilitychange', onVisible);
    removeEventListener('online', onOnline);
  };
}
