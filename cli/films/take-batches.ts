import { restOf } from '../../app/archive/copy-others.ts';
import { placeResults } from '../../app/intake/place-results.ts';
import type { LaidOrder, NamedFilm } from '../../app/intake/placing.ts';
import { takeNamed } from '../../app/intake/take-drop.ts';
import { mayBeAnimated, mayBeUnreadFilm } from '../../core/library/file-kind.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import { recipeReadsSubtitles, recipeTakesSubtitles } from '../../core/subtitles/beside.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { refuseReadOnly } from '../../runtime/in-place.ts';
import { stagingIn } from '../../runtime/library.ts';
import type { LocalPorts } from '../../runtime/local-ports.ts';
import { placingPorts } from '../../runtime/placing-ports.ts';
import type { Teller } from '../telling/teller.ts';
import { sizesOf } from './count-films.ts';
import { behindLink, isBehindLink } from './in-place.ts';
import type { knownFilms } from './known-films.ts';
import type { FilmBatch, RunFilm } from './named-films.ts';
import { othersOf } from './others-of.ts';
import type { WorkHere } from './work-here.ts';

type TakeBatchesOptions = {
  readonly local: LocalPorts;
  readonly here: WorkHere;
  readonly knowledge: ReturnType<typeof knownFilms>;
  readonly orders: readonly LaidOrder[];
  readonly out: string;
  readonly work: string;
  readonly copiesOthers: boolean;
  /** Whether this is one round of a watch. */
  readonly isWithin: boolean;
  readonly teller: Teller;
  readonly signal: AbortSignal;
  menu(): Promise<Menu>;
  /** Counts all films. It is called before the first one is told of or worked on. */
  count(): Promise<void>;
};

/** Runs the films of one folder after those of the other, small ones beside each other, and tells of the rest at the end. */
export async function takeBatches(batches: AsyncIterable<FilmBatch>, options: TakeBatchesOptions): Promise<void> {
  const { local, here, orders, out, work, copiesOthers, isWithin, teller, signal } = options;
  const counts = { others: 0, pictures: 0, leftOut: 0, copied: 0, results: 0, taken: 0 };
  const deadLinks: string[] = [];
  const unreadFilms: string[] = [];
  const takesSubtitles = orders.some(({ recipe }) => recipeTakesSubtitles(recipe));
  const readsSubtitles = orders.some(({ recipe }) => recipeReadsSubtitles(recipe)); // of which a ladder makes WebVTT
  const ports = { ...placingPorts(local, out, signal), stage: stagingIn(work) };
  const rest = othersOf(ports, { signal, fail: here.fail });
  const isInPlace = orders.some(({ replaces }) => replaces);
  let isCounted = false;
  for await (const found of batches) {
    if (!isWithin) counts.leftOut += found.leftOut; // what a watch leaves out was there before
    if (!isWithin) counts.results += found.results;
    const apart = new Set(isInPlace ? found.films.filter(isBehindLink) : []);
    const batch = { ...found, films: found.films.filter((film) => !apart.has(film)) };
    const due = await options.knowledge.dueAmong(batch);
    if (!isCounted && due.size + apart.size + found.unreadable.length > 0) {
      await options.count();
      isCounted = true;
    }
    if (!isWithin) deadLinks.push(...found.deadLinks);
    if (!isWithin) unreadFilms.push(...found.others.map(({ path }) => path).filter(mayBeUnreadFilm));
    for (const { path, failure } of found.unreadable) here.fail(path, failure);
    for (const film of apart) here.fail(film.path, behindLink(film));
    await takeBatch(due, ports, options);
    if (signal.aborted) break;
    counts.taken += batch.others.length - restOf(batch.others, [...due.keys()], readsSubtitles).length;
    if (copiesOthers) counts.copied += await rest.copy(restOf(batch.others, batch.films, takesSubtitles));
    else {
      const left = restOf(batch.others, batch.films, readsSubtitles);
      const pictures = left.filter(({ path }) => mayBeAnimated(path)).length;
      counts.others += left.length - pictures;
      counts.pictures += pictures;
    }
  }
  rest.tell({ ...counts, deadLinks, unreadFilms }, teller);
}

async function takeBatch(
  due: ReadonlyMap<RunFilm, ReadonlySet<string>>,
  ports: ReturnType<typeof placingPorts>,
  { local, here, orders, teller, signal, menu }: TakeBatchesOptions,
): Promise<void> {
  const films = [...due.keys()];
  teller.expect(await sizesOf(films, here.portsOf), orders.length);
  const fail = ({ path }: NamedFilm, error: unknown) => here.fail(path, error);
  const placed = await placeResults(films, orders, ports, fail);
  for (const [at, film] of films.entries()) {
    const next = films[at + 1];
    if (next) hashAhead(next, here.portsOf(next), signal).catch(() => {}); // its own job reports what is wrong
    const own = placed.get(film)?.filter(({ recipe }) => due.get(film)?.has(recipe.id));
    if (!own) continue;
    try {
      if (own.some(({ replaces }) => replaces)) await refuseReadOnly(film.location);
      await takeNamed(film.source, own, { ...folderIntake(local, film.places, menu), send: here.send });
    } catch (error) {
      here.fail(film.path, error);
    }
    await here.begun(); // no film is taken, and no place of its results settled, long before its turn
    if (signal.aborted) break;
  }
  await here.idle();
}

/** Hashes the next source while the present one is encoded. Only a file: a pipe would wait, and a device may have no end. */
async function hashAhead(
  { source }: RunFilm,
  { sources, reader }: Pick<Ports, 'sources' | 'reader'>,
  signal: AbortSignal,
): Promise<void> {
  if (await sources.head(source)) await reader.hash(sources.locate(source), { signal, onProgress: () => {} });
}
