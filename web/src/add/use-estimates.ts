import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf } from '../../../core/api/routes.ts';
import { companionOf } from '../../../core/job/companions.ts';
import { reasonOf } from '../api/refused.ts';
import { useSurroundings } from '../surroundings.ts';
import { slots } from '../upload/slots.ts';
import { type FilmFacts, filmFacts } from './film-facts.ts';
import { type Asked, type StagedFilm, settingsFor } from './staged.ts';

export type Estimate =
  | { readonly status: 'asked' }
  /** A subtitle, which becomes part of its film. */
  | { readonly status: 'along' }
  | { readonly status: 'known'; readonly plan: AnswerOf<'plan'>; readonly facts: FilmFacts }
  /** Neither the header nor the browser says what is in the file. */
  | { readonly status: 'unreadable' }
  | { readonly status: 'refused'; readonly reason: string };

const PAUSE_MS = 250;
const FILMS_AT_ONCE = 2;

/** What each film will take and become, asked again when the recipe or the settings change. */
export function useEstimates(films: readonly StagedFilm[], asked: Asked): ReadonlyMap<string, Estimate> {
  const { call } = useSurroundings();
  const [estimates, setEstimates] = useState<ReadonlyMap<string, Estimate>>(new Map());
  const [facts] = useState(() => new WeakMap<File, Promise<FilmFacts | undefined>>());
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const lines = slots(FILMS_AT_ONCE);
    const estimateOf = async (film: StagedFilm): Promise<Estimate> => {
      if (companionOf(film.path)?.kind === 'subtitle') return { status: 'along' };
      const read = facts.get(film.file) ?? filmFacts(film.file);
      facts.set(film.file, read);
      const known = await read;
      if (!known) return { status: 'unreadable' };
      const { bytes, width, height, fps, seconds } = known;
      const body = {
        recipe: film.recipe ?? asked.recipe,
        settings: settingsFor(film, asked),
        film: { bytes, width, height, fps, seconds },
      };
      return call('plan', { body, signal }).then(
        (plan): Estimate => ({ status: 'known', plan, facts: known }),
        (error): Estimate => ({ status: 'refused', reason: reasonOf(error) }),
      );
    };
    // Whoever types a number asks once, when it is there.
    const timer = setTimeout(() => {
      setEstimates((before) => new Map(films.map(({ id }) => [id, before.get(id) ?? { status: 'asked' }])));
      for (const film of films) {
        void lines.run(async () => {
          if (signal.aborted) return;
          const estimate = await estimateOf(film);
          if (!signal.aborted) setEstimates((before) => new Map(before).set(film.id, estimate));
        });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [films, asked, call, facts]);
  return estimates;
}

type EstimateTotal = {
  readonly films: number;
  readonly seconds: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly usd: number;
};

/** Returns what is estimated for all films together; those without an estimate count as nothing. */
export function totalOf(films: readonly StagedFilm[], estimates: ReadonlyMap<string, Estimate>): EstimateTotal {
  const total = { films: 0, seconds: 0, bytesBefore: 0, bytesAfter: 0, usd: 0 };
  for (const { id, file } of films) {
    const estimate = estimates.get(id);
    if (estimate?.status !== 'known') continue;
    const { seconds, outputBytes, usd } = estimate.plan.total;
    total.films++;
    total.seconds += seconds;
    total.bytesBefore += file.size;
    total.bytesAfter += outputBytes;
    total.usd += usd;
  }
  return total;
}
