import type { JobEvent, Phase } from '../../core/job/events.ts';

export type ProgressEvent = Extract<JobEvent, { type: 'progress' }>;

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

export type FilmAtWork = {
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

/** Returns a film of which nothing was told yet. */
export const newFilm = (about: Pick<FilmAtWork, 'source' | 'recipe' | 'bytes'>): FilmAtWork => ({
  ...about,
  sourceFrames: undefined,
  frames: undefined,
  foreseen: undefined,
  told: new Map(),
  reused: 0,
  seconds: { read: 0, make: 0, verify: 0 },
  lastWork: 'read',
});

/** Adds what an event tells of a film, and the `seconds` since the event before it to the step that was going on. */
export function note(film: FilmAtWork, event: JobEvent, seconds: number): void {
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
/** Returns the tally of a run of which no film is over yet. */
export const newPast = () => ({
  films: 0,
  bytes: 0,
  workedBytes: 0,
  frames: 0,
  made: 0,
  seconds: { read: 0, make: 0, verify: 0 } satisfies Record<RunStep, number>,
});

/** A film that failed tells nothing of those to come: it may be broken, and then it was hardly read. */
export function settleFilm(film: FilmAtWork, event: JobEvent, past: Past): void {
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

/**
 * Returns the seconds that a run still takes, by the speed that it had so far or, before there is one, that the plan expects: for the films at
 * work, and for those to come by their bytes. Undefined before anything is known.
 */
export function secondsLeft(films: readonly FilmAtWork[], past: Past, coming: Coming) {
  const sum = (number: (film: FilmAtWork) => number) => films.reduce((total, film) => total + number(film), 0);
  const isKnown = ({ frames = 0 }: FilmAtWork) => frames > 0;
  const encoded = sum((film) => doing(film).encoded);
  const verified = sum((film) => doing(film).verified);
  const frames = sum((film) => film.frames ?? 0);
  const madeNow = sum((film) => Math.max(0, doing(film).encoded - film.reused));
  const foreseen = films.find((film) => film.foreseen !== undefined)?.foreseen;
  const make = perUnit(past.seconds.make + sum((film) => film.seconds.make), past.made + madeNow) ?? foreseen;
  if (make === undefined) return undefined;
  const verify =
    perUnit(past.seconds.verify + sum((film) => film.seconds.verify), past.frames + verified) ?? VERIFY_SHARE * make;
  const ofFilms = Math.max(0, frames - encoded) * make + Math.max(0, frames - verified) * verify;
  const knownBytes = sum((film) => (isKnown(film) ? film.bytes : 0));
  const workedBytes = past.workedBytes + knownBytes;
  if (coming.bytes === 0 || workedBytes === 0) return ofFilms;
  const framesPerByte = (past.frames + frames) / workedBytes;
  const share = workedBytes / (past.bytes + knownBytes);
  return ofFilms + readingOf(coming, past) + coming.bytes * share * framesPerByte * (make + verify);
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
