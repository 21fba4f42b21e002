import { relative, sep } from 'node:path';
import type { ResultNames } from '../core/ports/result-names.ts';
import type { RunFilm } from './named-films.ts';

/**
 * Returns the films that were found in a folder and are results of earlier jobs in this folder of results: where results lie
 * among their sources, they are no sources. A film that was put in its source's place is that source, and not among them.
 */
export async function resultsAmong(
  films: readonly RunFilm[],
  out: string,
  names: Pick<ResultNames, 'holderOf'>,
): Promise<ReadonlySet<RunFilm>> {
  const results = new Set<RunFilm>();
  for (const film of films) {
    const key = relative(out, film.location).split(sep).join('/');
    if (film.file === undefined || key.startsWith('../')) continue;
    const holder = await names.holderOf(key);
    if (holder && holder.location !== film.location) results.add(film);
  }
  return results;
}
