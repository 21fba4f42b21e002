import { basename, dirname, join, resolve } from 'node:path';
import type { NamedFilm } from '../../app/intake/placing.ts';
import { ServiceError } from '../../core/errors.ts';
import { filmsAmong } from '../../core/job/companions.ts';
import type { Job } from '../../core/job/job.ts';
import { mayBeAnimated } from '../../core/library/file-kind.ts';
import type { FileFacts } from '../../core/library/library-filter.ts';
import type { LibraryFile, LibraryFolder } from '../../core/ports/library.ts';
import { isFolder, openLibrary } from '../../runtime/library.ts';
import type { Teller } from '../telling/teller.ts';
import { printable } from '../terminal/printable.ts';
import { passedOver } from './others-of.ts';

/** A film as it is to be run: its name among the results, and where it is. */
export type RunFilm = NamedFilm & {
  readonly source: string;
  readonly places: NonNullable<Job['places']>;
  /** What the walk of its folder found; absent for a film that was named itself. */
  readonly file?: LibraryFile;
};

/** The films of one folder, and what else is there. */
export type FilmBatch = Pick<LibraryFolder, 'others' | 'leftOut' | 'results' | 'deadLinks' | 'unreadable'> & {
  readonly films: readonly RunFilm[];
};

export type NamedFilmsOptions = {
  readonly out: string;
  readonly work: string;
  readonly root: string | undefined;
  isWanted(file: FileFacts): boolean;
  /** Whether a drop says with `fps` that pictures are meant, so that one alone in a named folder is a sequence. */
  readonly onePictureIsFilm?: boolean;
  /** Returns the films among these that were published in this folder of results. */
  resultsAmong(films: readonly RunFilm[]): Promise<ReadonlySet<RunFilm>>;
  readonly teller: Teller;
  readonly signal: AbortSignal;
  fail(source: string, error: unknown): void;
};

/** Yields the films that were named, first those named one by one, then those of folders, one folder after the other. */
export async function* namedFilms(named: readonly string[], options: NamedFilmsOptions): AsyncGenerator<FilmBatch> {
  const folders: string[] = [];
  const files: string[] = [];
  for (const path of named) ((await isFolder(path)) ? folders : files).push(path);
  const films = filmsAmong(files);
  const { teller } = options;
  for (const path of files.filter((each) => !films.includes(each)))
    teller.say(`${printable(path)} is not a film; subtitles are taken along with their film, other files are ignored`);
  if (films.length > 0)
    yield {
      films: films.map((path) => namedFile(path, options)),
      ...{ others: [], leftOut: 0, results: 0, deadLinks: [], unreadable: [] },
    };
  const roots = [...new Set(folders.map((path) => resolve(path)))].sort();
  for (const root of roots) yield* filmsIn(root, options);
}

function namedFile(file: string, { out, root }: NamedFilmsOptions): RunFilm {
  const location = resolve(file);
  const source = basename(location);
  return { path: source, location, source, places: { sources: dirname(location), outputs: out, root } };
}

async function* filmsIn(folder: string, options: NamedFilmsOptions): AsyncGenerator<FilmBatch> {
  const { out, work, root, isWanted, onePictureIsFilm = false, signal, fail } = options;
  const except = folder === out ? [work] : [out, work];
  let [found, pictures] = [0, 0];
  try {
    for await (const batch of openLibrary(folder, {
      ...{ except, own: out, isWanted, onePictureIsFilm, signal },
    })) {
      const { others, leftOut, deadLinks, unreadable } = batch;
      found += batch.films.length + leftOut + batch.results + unreadable.length;
      pictures += others.filter(({ path }) => mayBeAnimated(path)).length;
      const films = batch.films.map((file) => ({
        path: file.path,
        location: join(file.folder, file.key),
        source: file.key,
        places: { sources: file.folder, outputs: out, root },
        file,
      }));
      const own = await options.resultsAmong(films);
      yield {
        films: films.filter((film) => !own.has(film)),
        others,
        leftOut,
        results: batch.results + own.size,
        deadLinks,
        unreadable,
      };
    }
    const more = pictures > 0 ? `; ${passedOver(pictures, ' in it')}` : '';
    if (found === 0)
      throw new ServiceError('no-input', `there is no film in the folder ${JSON.stringify(folder)}${more}`);
  } catch (error) {
    if (!signal.aborted) fail('', error);
  }
}
