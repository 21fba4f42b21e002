import { besideFilms, knownResult, rememberFilm, type SeenFilm } from '../app/known-films.ts';
import type { MadeJob } from '../app/make-job.ts';
import type { LaidOrder } from '../app/placing.ts';
import { type Job, jobId } from '../core/job/job.ts';
import manifest from '../package.json' with { type: 'json' };
import type { LocalPorts } from '../runtime/local-ports.ts';
import { placingPorts, sizeOfFile } from '../runtime/placing-ports.ts';
import type { FilmBatch, RunFilm } from './named-films.ts';
import type { Teller } from './teller.ts';

type Knowing = { readonly out: string; readonly teller: Teller; readonly remake: boolean | undefined };

/** Recognises films that are done and have not changed since, without reading them, and remembers those that get done. */
export function knownFilms(local: LocalPorts, orders: readonly LaidOrder[], { out, teller, remake }: Knowing) {
  const ports = { known: local.knownIn(out), version: manifest.version };
  const { outputs } = placingPorts(local, out, new AbortController().signal);
  const seen = new Map<string, { readonly film: SeenFilm; readonly seenMs: number }>();
  let unchanged = 0;

  async function isKnown(film: SeenFilm, order: LaidOrder): Promise<boolean> {
    const known = await knownResult(film, order, ports);
    if (!known) return false;
    unchanged++;
    const job = jobId.parse(known.job);
    teller.onEvent({ type: 'job.done', job, status: 'unchanged', manifest: known.manifest });
    return true;
  }

  return {
    /** Returns the films of a folder of which something is to be made, and the recipes that are to make it. */
    async dueAmong({ films, others }: FilmBatch): Promise<ReadonlyMap<RunFilm, ReadonlySet<string>>> {
      const beside = besideFilms(others);
      const due = new Map<RunFilm, ReadonlySet<string>>();
      const seenMs = Date.now();
      seen.clear();
      for (const film of films) {
        const { file, location } = film;
        const look = file && { location, file, beside: beside(film) };
        const recipes = new Set<string>();
        for (const order of orders) {
          if (look && !remake && (await isKnown(look, order))) continue;
          recipes.add(order.recipe.id);
        }
        if (recipes.size > 0) due.set(film, recipes);
        if (look && recipes.size > 0) seen.set(keyOf(film.places.sources, film.source), { film: look, seenMs });
      }
      return due;
    },
    /** Returns how many films would be made of these, and how many bytes they have; nothing is told of the others. */
    async countDue(batches: AsyncIterable<FilmBatch>): Promise<{ readonly films: number; readonly bytes: number }> {
      const count = { films: 0, bytes: 0 };
      for await (const { films, others } of batches) {
        const beside = besideFilms(others);
        for (const film of films) {
          const { file, location } = film;
          const look = file && { location, file, beside: beside(film) };
          const known = await Promise.all(orders.map((order) => (look ? knownResult(look, order, ports) : undefined)));
          if (!remake && known.every((each) => each !== undefined)) continue;
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
