import type { JobEvent } from '../../core/job/events.ts';
import {
  type FilmAtWork,
  newFilm,
  newPast,
  note,
  type ProgressEvent,
  secondsLeft,
  settleFilm,
} from './film-at-work.ts';
import { leastDone } from './least-done.ts';

/** A film that is to come. */
export type ExpectedFilm = { readonly source: string; readonly bytes: number };

export type RunProgress = {
  /** Films that come next, each once for each recipe. */
  expect(films: readonly ExpectedFilm[]): void;
  /** All films of the run, those included that are over or expected. */
  foresee(whole: { readonly films: number; readonly bytes: number }): void;
  /** A film that was expected and became no job. */
  leftOut(source: string): void;
  /** A film that was known to be made, so that it became no job either. */
  passed(bytes: number): void;
  /** The name by which people know a job's film. */
  name(job: string, name: string): void;
  event(event: JobEvent, nowMs: number): void;
  /** The film of a job that is worked on. */
  sourceOf(job: string): string | undefined;
  snapshot(nowMs: number): RunSnapshot;
};

export type RunSnapshot = {
  /** The number of the film that is worked on, or was last. */
  readonly position: number;
  readonly total: number;
  /** The film that began first among those that are worked on. */
  readonly film: WorkingFilm | undefined;
  /** How many are worked on beside it. */
  readonly others: number;
  readonly elapsedSeconds: number;
  /** The time left over all films; undefined before anything was measured. */
  readonly secondsLeft: number | undefined;
};

type WorkingFilm = {
  readonly source: string;
  readonly recipe: string;
  readonly progress: ProgressEvent | undefined;
};

/**
 * Adds up what happens to all films of a run, and foresees how long the rest will take: bytes still to come, by the frames
 * that a byte had so far, by the seconds that a frame took so far to make and to verify.
 */
export function runProgress(startMs: number): RunProgress {
  const pending = new Map<string, number[]>();
  const names = new Map<string, string>();
  const known = { bytes: 0, position: 0, total: 0 };
  let whole = { films: 0, bytes: 0 };
  let begunBytes = 0;
  const past = newPast();
  const films = new Map<string, FilmAtWork>();
  let lastMs = startMs;

  const totalOf = () => Math.max(known.total, whole.films);
  const begin = ({ job, source, recipe }: Extract<JobEvent, { type: 'job.queued' }>) => {
    const bytes = pending.get(source)?.shift();
    if (bytes === undefined) known.total++;
    else known.bytes -= bytes;
    known.position++;
    begunBytes += bytes ?? 0;
    films.set(job, newFilm({ source: names.get(job) ?? source, recipe, bytes: bytes ?? 0 }));
    names.delete(job);
  };
  return {
    expect(films) {
      for (const { source, bytes } of films) {
        pending.set(source, [...(pending.get(source) ?? []), bytes]);
        known.bytes += bytes;
        known.total++;
      }
    },
    foresee(all) {
      whole = all;
    },
    leftOut(source) {
      for (const bytes of pending.get(source) ?? []) {
        known.bytes -= bytes;
        known.position++;
        begunBytes += bytes;
      }
      pending.delete(source);
    },
    passed(bytes) {
      known.position++;
      begunBytes += bytes;
      past.bytes += bytes;
    },
    name(job, name) {
      names.set(job, name);
    },
    event(event, nowMs) {
      const film = event.job === undefined ? undefined : films.get(event.job);
      if (film) {
        note(film, event, (nowMs - lastMs) / 1000);
        if (event.type === 'job.done' || event.type === 'job.failed') {
          settleFilm(film, event, past);
          if (event.job !== undefined) films.delete(event.job);
        }
      }
      if (event.type === 'job.queued') begin(event);
      lastMs = nowMs;
    },
    sourceOf: (job) => films.get(job)?.source,
    snapshot(nowMs) {
      const [film, ...others] = films.values();
      return {
        position: known.position,
        total: totalOf(),
        film: film && { source: film.source, recipe: film.recipe, progress: leastDone([...film.told.values()]) },
        others: others.length,
        elapsedSeconds: (nowMs - startMs) / 1000,
        secondsLeft: secondsLeft([...films.values()], past, {
          films: Math.max(0, totalOf() - known.position),
          bytes: Math.max(known.bytes, whole.bytes - begunBytes),
        }),
      };
    },
  };
}
