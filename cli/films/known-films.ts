import { besideFilms, knownResults, rememberFilm, type SeenFilm } from '../../app/intake/known-films.ts';
import type { LaidOrder } from '../../app/intake/placing.ts';
import type { MadeJob } from '../../app/run/make-anew.ts';
import { type Job, jobId } from '../../core/job/job.ts';
import type { KnownResult } from '../../core/ports/known-results.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { LocalPorts } from '../../runtime/local-ports.ts';
import { placingPorts, sizeOfFile } from '../../runtime/placing-ports.ts';
import type { FilmNamed } from '../telling/film-result.ts';
import type { Teller } from '../telling/teller.ts';
import { isBehindLink } from './in-place.ts';
import type { FilmBatch, RunFilm } from './named-films.ts';

/** So many films are looked up by one query, so that a large folder takes little memory. */
const AT_ONCE = 500;

type Knowing = {
  readonly out: string;
  readonly teller: Pick<Teller, 'onEvent' | 'finished' | 'passed'>;
  readonly remake: boolean | undefined;
};

/** Recognises films that are done and have not changed since, without reading them, and remembers those that get done. */
export function knownFilms(local: LocalPorts, orders: readonly LaidOrder[], { out, teller, remake }: Knowing) {
  const ports = { known: local.knownIn(out), version: manifest.version };
  const { outputs } = placingPorts(local, out, new AbortController().signal);
  const seen = new Map<string, { readonly film: SeenFilm; readonly seenMs: number }>();
  let unchanged = 0;

  /** What is known of films under each recipe; nothing of one that was named itself, or if all is made again. */
  async function knownOf(looks: readonly (SeenFilm | undefined)[]) {
    const films = remake ? [] : looks.flatMap((look) => look ?? []);
    const byOrder: ReadonlyMap<SeenFilm, KnownResult>[] = [];
    for (const order of orders) byOrder.push(await knownResults(films, order, ports));
    return (look: SeenFilm | undefined) => byOrder.map((known) => look && known.get(look));
  }

  function tellKnown(known: KnownResult, film: FilmNamed): void {
    unchanged++;
    const { manifest: path, resultOf } = known;
    teller.finished({ ...film, fate: 'unchanged', resultOf });
    const job = jobId.parse(known.job);
    teller.onEvent({ type: 'job.done', job, status: 'unchanged', manifest: path, ...(resultOf && { resultOf }) });
  }

  return {
    /** Returns the films of a folder of which something is to be made, and the recipes that are to make it. */
    async dueAmong({ films, others }: FilmBatch): Promise<ReadonlyMap<RunFilm, ReadonlySet<string>>> {
      const beside = besideFilms(others);
      const due = new Map<RunFilm, ReadonlySet<string>>();
      const seenMs = Date.now();
      seen.clear();
      for (let first = 0; first < films.length; first += AT_ONCE) {
        const some = films.slice(first, first + AT_ONCE).map((film) => {
          const { file, location } = film;
          return { film, look: file && { location, file, beside: beside(film) } };
        });
        const knownBy = await knownOf(some.map(({ look }) => look));
        for (const { film, look } of some) {
          const known = knownBy(look);
          for (const [at, { recipe }] of orders.entries()) {
            const each = known[at];
            if (!each) continue;
            teller.passed(film.file?.bytes ?? 0);
            tellKnown(each, { source: film.path, recipe: recipe.id });
          }
          const recipes = new Set(orders.filter((_, at) => !known[at]).map(({ recipe }) => recipe.id));
          if (recipes.size > 0) due.set(film, recipes);
          if (look && recipes.size > 0) seen.set(keyOf(film.places.sources, film.source), { film: look, seenMs });
        }
      }
      return due;
    },
    /** Returns how many of these films would be replaced, and how many bytes they have; nothing is told of the others. */
    async countDue(batches: AsyncIterable<FilmBatch>): Promise<{ readonly films: number; readonly bytes: number }> {
      const count = { films: 0, bytes: 0 };
      for await (const { films, others } of batches) {
        const beside = besideFilms(others);
        const there = films.filter((film) => !isBehindLink(film));
        const looks = there.map(({ file, location, ...film }) => file && { location, file, beside: beside(film) });
        const knownBy = await knownOf(looks);
        for (const [at, { file, location }] of there.entries()) {
          if (knownBy(looks[at]).every((each) => each !== undefined)) continue;
          count.films++;
          count.bytes += file?.bytes ?? (await sizeOfFile(location));
        }
      }
      return count;
    },
    async onMade(job: Job, made: MadeJob): Promise<void> {
      const known = job.places && seen.get(keyOf(job.places.sources, job.source));
      const order = orders.find(({ recipe }) => recipe.id === job.recipe);
      if (!known || !order) return;
      await rememberFilm(known.film, order, { ...made, job: job.id }, { ...ports, outputs, seenMs: known.seenMs });
    },
    unchanged: () => unchanged,
  };
}

const keyOf = (folder: string, source: string) => JSON.stringify([folder, source]);
