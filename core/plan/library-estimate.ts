import type { Estimate } from './estimate.ts';
import { type Learnt, SHORTEST } from './past-jobs.ts';

/** A film of a library and what a recipe would make of it, as far as its header tells. */
export type FilmToPlan = {
  readonly bytes: number;
  /** Whether the source is copied beside its results. */
  readonly isKept?: boolean;
  readonly renditions: readonly {
    readonly width: number;
    readonly height: number;
    readonly frames: number;
    readonly estimate: Pick<Estimate, 'seconds' | 'outputBytes' | 'diskBytes'>;
  }[];
};

/** What a library would become: seconds of work on this machine, and bytes. */
export type LibraryEstimate = {
  readonly films: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly encodeSeconds: number;
  /** Reading, joining and verifying. */
  readonly otherSeconds: number;
  /** The sources that are copied beside their results. */
  readonly keptBytes: number;
  /** The most room that is needed: for all results and copies of sources, and for the pieces of the largest film. */
  readonly diskBytes: number;
};

export const NO_FILMS: LibraryEstimate = {
  films: 0,
  bytesBefore: 0,
  bytesAfter: 0,
  encodeSeconds: 0,
  otherSeconds: 0,
  keptBytes: 0,
  diskBytes: 0,
};

/**
 * Pixels that one processor reads and verifies in a second, where no job of this machine tells: 60 s of 1080p30 took 17.9 s on two
 * processors (docs/benchmarks.md, "encode").
 */
const VERIFIED_PIXELS_A_SECOND = 104e6;

type Estimating = { readonly learnt: Learnt; readonly cores: number; readonly neverLarger: boolean };

/** Adds a film to an estimate. */
export function withFilm(
  library: LibraryEstimate & { readonly largestPieces?: number },
  { bytes, renditions, isKept = false }: FilmToPlan,
  { learnt, cores, neverLarger }: Estimating,
): LibraryEstimate & { readonly largestPieces: number } {
  const sum = (of: (each: FilmToPlan['renditions'][number]) => number) =>
    renditions.reduce((total, each) => total + of(each), 0);
  const pixels = sum(({ width, height, frames }) => width * height * frames);
  const made = learnt.sizeRatio === undefined ? sum(({ estimate }) => estimate.outputBytes) : bytes * learnt.sizeRatio;
  const after = Math.round(neverLarger ? Math.min(made, bytes) : made);
  const bytesAfter = library.bytesAfter + after;
  const keptBytes = library.keptBytes + (isKept ? bytes : 0);
  const { encode, other } = costs(learnt, { pixels, cores, seconds: sum(({ estimate }) => estimate.seconds) });
  const largestPieces = Math.max(
    library.largestPieces ?? 0,
    sum(({ estimate }) => estimate.diskBytes),
  );
  return {
    films: library.films + 1,
    bytesBefore: library.bytesBefore + bytes,
    bytesAfter,
    encodeSeconds: library.encodeSeconds + encode,
    otherSeconds: library.otherSeconds + other,
    keptBytes,
    diskBytes: bytesAfter + keptBytes + largestPieces,
    largestPieces,
  };
}

type FilmSize = { readonly pixels: number; readonly cores: number; readonly seconds: number };

/** Returns the seconds that a film of so many pixels takes; `seconds` is what its frames take to encode on other machines. */
function costs({ encode, other }: Pick<Learnt, 'encode' | 'other'>, { pixels, cores, seconds }: FilmSize) {
  return {
    encode: encode ? encode.perFilm + encode.perPixel * pixels : SHORTEST.encode + seconds,
    other: other
      ? other.perFilm + other.perPixel * pixels
      : SHORTEST.other + pixels / (VERIFIED_PIXELS_A_SECOND * cores),
  };
}
