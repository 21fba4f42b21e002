/** A film that is worked on or waits for it. `bytes` is undefined where its size is not known. */
export type FilmLoad = {
  readonly source: string;
  readonly bytes: number | undefined;
  /** What works on it: a network and a graphics card take one film at a time. */
  readonly engine: 'processor' | 'network' | 'network-on-processor' | 'card';
};

/** How many films may be worked on at the same time, and whether somebody asked for that number. */
export type FilmsAtOnce = { readonly most: number; readonly isAsked: boolean };

/** Most of the time that a file of this size takes goes into opening and looking at it, which one processor does alone. */
export const SMALL_BYTES = 16 << 20;
/** What one encoder with its decoder and the measuring of quality takes at 4K, with room for our own. */
const MEMORY_EACH = 2 * 2 ** 30;

/** Small films share a machine: one for each processor, as far as the memory allows. */
export const filmsAtOnce = (cores: number, memoryBytes: number): FilmsAtOnce => ({
  most: Math.max(1, Math.min(cores, Math.floor(memoryBytes / MEMORY_EACH))),
  isAsked: false,
});

/**
 * Whether the next film may begin beside those that are worked on. A film that fills the machine by itself runs alone, and so do jobs of
 * one source, which read it once, and files of one size: they may be the same film, and then the second takes over what the
 * first has made. Films begin in their order, so that none waits for ever.
 */
export function mayBegin(next: FilmLoad, running: readonly FilmLoad[], { most, isAsked }: FilmsAtOnce): boolean {
  if (running.length === 0) return true;
  if (running.length >= most) return false;
  if (running.some(({ source, bytes }) => source === next.source || bytes === next.bytes)) return false;
  return isAsked || [...running, next].every(isSmall);
}

const isSmall = ({ bytes, engine }: FilmLoad) => bytes !== undefined && bytes <= SMALL_BYTES && engine === 'processor';
