import type { Item } from '../../../core/montage/playlist.ts';
import type { Film } from '../film/film.ts';
import { openFilm } from '../film/open-film.ts';

/** The descriptions of the films that were opened last: a loop asks for each of them once. */
export type Films = {
  of(item: Item): Promise<Film>;
  /** Forgets all, and leaves what is still being asked for. */
  clear(): void;
};

const KEPT = 20;

/** `filmOf` knows films that are not asked for. */
export function newFilms(filmOf: (src: string) => Film | undefined): Films {
  const known = new Map<string, Promise<Film>>();
  let life = new AbortController();
  return {
    async of({ src }) {
      const given = filmOf(src);
      if (given) return given;
      const film = known.get(src) ?? openFilm(src, life.signal);
      known.delete(src);
      known.set(src, film);
      film.catch(() => known.delete(src));
      for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
      return film;
    },
    clear() {
      life.abort();
      life = new AbortController();
      known.clear();
    },
  };
}
