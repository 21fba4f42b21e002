import { relative, sep } from 'node:path';
import type { ResultNames } from '../../core/ports/result-names.ts';
import { realPath } from '../../runtime/library.ts';
import type { RunFilm } from './named-films.ts';

/**
 * Returns a function that finds the films that are results of earlier jobs in this folder of results: where results lie
 * among their sources, they are no sources. A film that was put in its source's place is that source, and not among them.
 */
export function resultsAmong(
  out: string,
  names: Pick<ResultNames, 'holderOf'>,
): (films: readonly RunFilm[]) => Promise<ReadonlySet<RunFilm>> {
  let home: Promise<string> | undefined;
  return async (films) => {
    home ??= realPath(out);
    const root = await home;
    const results = new Set<RunFilm>();
    for (const film of films) {
      const key = relative(root, film.location).split(sep).join('/');
      if (film.file === undefined || key.startsWith('../')) continue;
      const holder = await names.holderOf(key);
      if (holder && holder.location !== film.location) results.add(film);
    }
    return results;
  };
}

/** In place every film is a source. */
export const noResults = async (): Promise<ReadonlySet<RunFilm>> => new Set();
