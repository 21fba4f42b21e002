import type { Combing } from './combing.ts';

/** Which field of a frame is the earlier one. */
export type FieldFirst = 'tff' | 'bff';

/** Frames [start, end) of which each shows two moments. */
export type InterlacedPart = { readonly start: number; readonly end: number; readonly first: FieldFirst };

/** Which frames of a film are interlaced, found by its pictures and not by its flags. Frames in no part show one moment. */
export type FilmFields = { readonly frames: number; readonly parts: readonly InterlacedPart[] };

export const ONE_MOMENT_EACH: FilmFields = { frames: 0, parts: [] };

/** The gain by which a film must be better described with a change between the kinds than without it. */
const CHANGE = 3;
/** No part is shorter than this, unless the film is. */
const SHORTEST = 8;
/** With more parts than this a film is interlaced from the first of them to the last; a filter's argument has its limits. */
const MOST_PARTS = 200;

/**
 * Finds the interlaced parts of a film from how the fields of its frames lie in time. Every frame speaks for one kind by how
 * clear it is; each change between the kinds costs as much as three clear frames, and the description with the most gain is
 * taken, so that single frames that mislead change nothing, and a change is found at its frame. Films that are flagged as
 * interlaced need less to be taken for interlaced, and two frames of five are enough (telecine), because a deinterlaced
 * frame of one moment loses little, and a combed one is seen. Against its flags a film is taken for interlaced only where
 * its fields fit as those of two moments do, frame after frame: what is taken wrongly would lose half of its lines.
 */
export function filmFields(combings: readonly Combing[], { isFlagged }: { readonly isFlagged: boolean }): FilmFields {
  const told = isFlagged ? apartness(combings, COMBED) : apartness(combings, Number.POSITIVE_INFINITY);
  const gains = told.map((apart) => (Number.isNaN(apart) ? 0 : (isFlagged ? flagged : unflagged)(apart)));
  const found = runsOf(bestKinds(gains))
    .filter(({ start, end }) => end - start >= Math.min(SHORTEST, combings.length))
    .filter(({ start, end }) => isFlagged || showsTwo(told.slice(start, end)))
    .map(({ start, end }) => ({ start: earlier(start, told), end }));
  const [first, last] = [found[0], found.at(-1)];
  const runs = found.length > MOST_PARTS && first && last ? [{ start: first.start, end: last.end }] : touching(found);
  return {
    frames: combings.length,
    parts: runs.map(({ start, end }) => ({
      start,
      end,
      first: orderOf(combings.slice(start, end), told.slice(start, end)),
    })),
  };
}

const flagged = (apart: number) => Math.min(1, Math.max(-0.5, apart < 0.55 ? 4 * (0.55 - apart) : 2 * (0.55 - apart)));
const unflagged = (apart: number) => Math.min(1, Math.max(-1, 4 * (0.3 - apart)));
/** Whether enough frames show two moments for a film that is not flagged; still frames tell nothing. */
const showsTwo = (told: readonly number[]) => told.filter((apart) => apart < 0.3).length >= SHORTEST;

/** Single frames have too few lines that alternate to tell much, so that those of this many on either side count too. */
const AROUND = 6;

/** Lines of two moments alternate more often than this in the frame; where they do about as often as in its fields, fields may fit by chance. */
const COMBED = 0.25;
const PATTERNED = -0.4;
const BY_CHANCE = 0.25;
/** Frames of one moment are mostly above this, and then nothing near them counts. */
const PLAIN = 0.8;

/** How far from two moments each frame is: 0 shows two, 1 shows one. Lines that alternate more than `combed` speak for two. */
function apartness(combings: readonly Combing[], combed: number): readonly number[] {
  return combings.map(({ fit }, i) => {
    if (Number.isNaN(fit) || fit > PLAIN) return fit;
    const near = combings
      .slice(Math.max(0, i - AROUND), i + AROUND + 1)
      .flatMap(({ combs }) => (Number.isNaN(combs) ? [] : [combs]));
    if (near.length === 0) return fit;
    const combs = near.reduce((sum, each) => sum + each, 0) / near.length;
    if (combs > combed) return Math.max(0, fit - combs);
    return combs > PATTERNED ? fit + BY_CHANCE : fit;
  });
}

/** A frame after a cut fits nothing before it, so that only the frame after it tells that it is interlaced. */
const earlier = (start: number, told: readonly number[]): number =>
  start > 0 && !Number.isNaN(told[start] ?? 0) ? start - 1 : start;

/** For each frame whether it is interlaced in the best description of all (Viterbi). */
function bestKinds(gains: readonly number[]): Uint8Array {
  const came = new Uint8Array(gains.length); // bit 0: one moment came from interlaced; bit 1: interlaced came from one moment
  let [single, double] = [0, 0];
  for (const [i, gain] of gains.entries()) {
    const before = { single, double };
    single = Math.max(before.single, before.double - CHANGE);
    double = Math.max(before.double, before.single - CHANGE);
    if (i > 0 && before.double - CHANGE > before.single) came[i] = (came[i] ?? 0) | 1;
    if (i > 0 && before.single - CHANGE > before.double) came[i] = (came[i] ?? 0) | 2;
    single -= gain;
    double += gain;
  }
  const kinds = new Uint8Array(gains.length);
  let isDouble = double > single;
  for (let i = gains.length - 1; i >= 0; i--) {
    kinds[i] = isDouble ? 1 : 0;
    const change = came[i] ?? 0;
    if (isDouble ? change & 2 : change & 1) isDouble = !isDouble;
  }
  return kinds;
}

type FrameRun = { readonly start: number; readonly end: number };

function runsOf(kinds: Uint8Array): readonly FrameRun[] {
  const runs: FrameRun[] = [];
  for (let start = kinds.indexOf(1); start >= 0; ) {
    const next = kinds.indexOf(0, start);
    const end = next < 0 ? kinds.length : next;
    runs.push({ start, end });
    start = kinds.indexOf(1, end);
  }
  return runs;
}

/** Puts runs together that touch, after each was begun a frame earlier. */
function touching(runs: readonly FrameRun[]): readonly FrameRun[] {
  const joined: FrameRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last && last.end >= run.start) joined[joined.length - 1] = { start: last.start, end: run.end };
    else joined.push(run);
  }
  return joined;
}

function orderOf(combings: readonly Combing[], told: readonly number[]): FieldFirst {
  let top = 0;
  for (const [i, { first }] of combings.entries()) {
    const apart = told[i] ?? 1;
    if (apart < 0.5) top += (1 - apart) * (first === 'tff' ? 1 : -1);
  }
  return top >= 0 ? 'tff' : 'bff';
}

/**
 * Brings fields to a film that was cut again, and counts its frames anew. Where the numbers of frames differ nobody can say
 * which frame is which, so that all of a film with interlaced parts counts as interlaced.
 */
export function fieldsOver(fields: FilmFields, frames: number): readonly InterlacedPart[] {
  const [first] = fields.parts;
  if (!first || fields.frames === frames) return fields.parts;
  return [{ start: 0, end: frames, first: first.first }];
}

/** The parts of the frames [start, end), counted from `start`. */
export const partsWithin = (
  parts: readonly InterlacedPart[],
  { start, end }: { readonly start: number; readonly end: number },
): readonly InterlacedPart[] =>
  parts
    .filter((part) => part.start < end && part.end > start)
    .map((part) => ({ ...part, start: Math.max(0, part.start - start), end: Math.min(end, part.end) - start }));
