import { useEffect, useReducer } from 'preact/hooks';

type Store = { subscribe(listener: () => void): () => void };

/** Draws again when the store changes, at most once for each picture of the screen. */
export function useStore(store: Store): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    let frame = 0;
    const end = store.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw(undefined);
      });
    });
    draw(undefined);
    return () => {
      end();
      cancelAnimationFrame(frame);
    };
  }, [store]);
}
