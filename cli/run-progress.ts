import type { JobEvent, Phase } from '../core/job/events.ts';
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
  snapshot(nowMs: number): RunSnapshot;
};

export type RunSnapshot = {
  /** The number of the film that is worked on, or was last. */
  readonly position: number;
  readonly total: number;
  readonly film: WorkingFilm | undefined;
  readonly elapsedSeconds: number;
  /** The time left over all films; undefined before anything was measured. */
  readonly secondsLeft: number | undefined;
};

type WorkingFilm = {
  readonly source: string;
  readonly recipe: string;
  readonly progress: ProgressEvent | undefined;
};

type ProgressEvent = Extract<JobEvent, { type: 'progress' }>;

/** A run spends its time with reading (counted in bytes), making and verifying (counted in frames of renditions). */
type RunStep = 'read' | 'make' | 'verify';
const WORK_OF: Readonly<Record<Phase, RunStep>> = {
  hash: 'read',
  index: 'read',
  encode: 'make',
  join: 'make',
  quality: 'make',
  verify: 'verify',
};

/** What verifying takes of the time of encoding, until it is measured (docs/benchmarks.md, a whole run). */
const VERIFY_SHARE = 0.1;

type FilmAtWork = {
  readonly job: string;
  readonly source: string;
  readonly recipe: string;
  readonly bytes: number;
  /** Frames of the source, and of all renditions that may be made of it; undefined before they are known. */
  sourceFrames: number | undefined;
  frames: number | undefined;
  /** What the plan expects: seconds for each frame. */
  foreseen: number | undefined;
  /** The last that was told of each rendition. */
  readonly told: Map<string, ProgressEvent>;
  /** Frames that were encoded by an earlier run. */
  reused: number;
  readonly seconds: Record<RunStep, number>;
  lastWork: RunStep;
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
  let film: FilmAtWork | undefined;
  let lastMs = startMs;

  const totalOf = () => Math.max(known.total, whole.films);
  const begin = ({ job, source, recipe }: Extract<JobEvent, { type: 'job.queued' }>) => {
    const bytes = pending.get(source)?.shift();
    if (bytes === undefined) known.total++;
    else known.bytes -= bytes;
    known.position++;
    begunBytes += bytes ?? 0;
    film = newFilm({ job, source: names.get(job) ?? source, recipe, bytes: bytes ?? 0 });
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
      if (film && film.job === event.job) {
        note(film, event, (nowMs - lastMs) / 1000);
        if (event.type === 'job.done' || event.type === 'job.failed') {
          settle(film, event, past);
          film = undefined;
        }
      }
      if (event.type === 'job.queued') begin(event);
      lastMs = nowMs;
    },
    snapshot: (nowMs) => ({
      position: known.position,
      total: totalOf(),
      film: film && { source: film.source, recipe: film.recipe, progress: leastDone([...film.told.values()]) },
      elapsedSeconds: (nowMs - startMs) / 1000,
      secondsLeft: secondsLeft(film, past, {
        films: Math.max(0, totalOf() - known.position),
        bytes: Math.max(known.bytes, whole.bytes - begunBytes),
      }),
    }),
  };
}

const newFilm = (about: Pick<FilmAtWork, 'job' | 'source' | 'recipe' | 'bytes'>): FilmAtWork => ({
  ...about,
  sourceFrames: undefined,
  frames: undefined,
  foreseen: undefined,
  told: new Map(),
  reused: 0,
  seconds: { read: 0, make: 0, verify: 0 },
  lastWork: 'read',
});

function note(film: FilmAtWork, event: JobEvent, seconds: number): void {
  if (event.type === 'progress') {
    film.lastWork = WORK_OF[event.phase];
    if (event.rendition !== undefined) film.told.delete(READING);
    film.told.set(event.rendition ?? READING, event);
  }
  film.seconds[film.lastWork] += seconds;
  if (event.type === 'job.planned') {
    film.sourceFrames = event.frames;
    film.frames = event.frames * Math.max(1, event.renditions.length);
    film.foreseen = event.estimate.seconds / Math.max(1, event.frames);
    film.lastWork = 'make';
  }
  if (event.type === 'segment.done' && event.reused) film.reused += event.frames;
}

/** What the films that are over took, and how much of them there was. */
type Past = ReturnType<typeof newPast>;
const newPast = () => ({
  films: 0,
  bytes: 0,
  workedBytes: 0,
  frames: 0,
  made: 0,
  seconds: { read: 0, make: 0, verify: 0 } satisfies Record<RunStep, number>,
});

/** A film that failed tells nothing of those to come: it may be broken, and then it was hardly read. */
function settle(film: FilmAtWork, event: JobEvent, past: Past): void {
  if (event.type !== 'job.done') return;
  past.films++;
  past.bytes += film.bytes;
  past.seconds.read += film.seconds.read;
  if (film.sourceFrames === undefined) return;
  const frames = film.sourceFrames * film.told.size;
  past.workedBytes += film.bytes;
  past.frames += frames;
  past.made += Math.max(0, frames - film.reused);
  past.seconds.make += film.seconds.make;
  past.seconds.verify += film.seconds.verify;
}

/** The key of what is told before there is a rendition. */
const READING = '';

const isPast = (phase: Phase) => phase === 'join' || phase === 'verify';

type Doing = { readonly encoded: number; readonly verified: number };

/** How many frames of a film are encoded, and how many are verified. */
function doing({ told }: FilmAtWork): Doing {
  const events = [...told.values()];
  const encoded = events.map(({ phase, done, total }) => (phase === 'encode' ? done : isPast(phase) ? total : 0));
  const verified = events.map(({ phase, done }) => (phase === 'verify' ? done : 0));
  const all = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
  return { encoded: all(encoded), verified: all(verified) };
}

type Coming = { readonly films: number; readonly bytes: number };

function secondsLeft(film: FilmAtWork | undefined, past: Past, coming: Coming) {
  const now = film ? doing(film) : { encoded: 0, verified: 0 };
  const frames = film?.frames ?? 0;
  const madeNow = Math.max(0, now.encoded - (film?.reused ?? 0));
  const make = perUnit(past.seconds.make + (film?.seconds.make ?? 0), past.made + madeNow) ?? film?.foreseen;
  if (make === undefined) return undefined;
  const verify =
    perUnit(past.seconds.verify + (film?.seconds.verify ?? 0), past.frames + now.verified) ?? VERIFY_SHARE * make;
  const ofFilm = Math.max(0, frames - now.encoded) * make + Math.max(0, frames - now.verified) * verify;
  const workedBytes = past.workedBytes + (frames > 0 ? (film?.bytes ?? 0) : 0);
  if (coming.bytes === 0 || workedBytes === 0) return ofFilm;
  const framesPerByte = (past.frames + frames) / workedBytes;
  const share = workedBytes / (past.bytes + (frames > 0 ? (film?.bytes ?? 0) : 0));
  return ofFilm + readingOf(coming, past) + coming.bytes * share * framesPerByte * (make + verify);
}

/** A small film takes most of its time to be opened, so that its seconds for each byte say nothing of a large one. */
function readingOf({ films, bytes }: Coming, past: Past): number {
  if (past.films === 0) return 0;
  const byBytes = (past.seconds.read / past.bytes) * bytes;
  return films === 0 ? byBytes : Math.min(byBytes, (past.seconds.read / past.films) * films * LARGER);
}

/** How many times larger than those before the films to come are taken to be at most. */
const LARGER = 100;

const perUnit = (seconds: number, units: number) => (units > 0 && seconds > 0 ? seconds / units : undefined);
