import type { Ports } from '../../core/ports/ports.ts';
import type { ExpectedFilm } from '../telling/run-progress.ts';
import { type NamedFilmsOptions, namedFilms, type RunFilm } from './named-films.ts';

/** Walks all that was named once more, to count its films and their bytes. What cannot be read counts, since it is told of. */
export async function countFilms(
  named: readonly string[],
  recipes: number,
  options: NamedFilmsOptions,
): Promise<{ readonly films: number; readonly bytes: number }> {
  const sum = { films: 0, bytes: 0 };
  const silent = { ...options, fail: () => {}, teller: { ...options.teller, say: () => {} } };
  for await (const { films, unreadable } of namedFilms(named, silent)) {
    sum.films += films.length * recipes + unreadable.length;
    sum.bytes += recipes * films.reduce((bytes, { file }) => bytes + (file?.bytes ?? 0), 0);
  }
  return sum;
}

/** The films of a batch with their sizes, which tell how long each takes. What is no file fails at its turn. */
export const sizesOf = (
  films: readonly RunFilm[],
  portsOf: (film: RunFilm) => Pick<Ports, 'sources'>,
): Promise<readonly ExpectedFilm[]> =>
  Promise.all(
    films.map(async (film) => {
      const { source, file } = film;
      const bytes =
        file?.bytes ??
        (
          await portsOf(film)
            .sources.head(source)
            .catch(() => undefined)
        )?.bytes;
      return { source, bytes: bytes ?? 0 };
    }),
  );
