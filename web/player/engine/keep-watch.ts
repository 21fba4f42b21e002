import type { Watched } from './watchdog.ts';

const AFTER_MS = 500;

/** Begins to watch a moment later, so that the watchdog's own file takes nothing from the first frame. Returns what ends it. */
export function keepWatch(watched: Watched): () => void {
  let stop = () => {};
  let isOver = false;
  const timer = setTimeout(async () => {
    const { watch } = await import('../later.ts');
    if (!isOver) stop = watch(watched);
  }, AFTER_MS);
  return () => {
    isOver = true;
    clearTimeout(timer);
    stop();
  };
}
