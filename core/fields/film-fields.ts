import { bestKinds, type FrameKind, type KindScore } from './best-kinds.ts';
import type { Combing } from './combing.ts';
import { LONG, liesIn, longSingles } from './said-of-pictures.ts';
import { telecineFrames } from './telecine.ts';

/** Which field of a frame is the earlier one. */
export type FieldFirst = 'tff' | 'bff';

/**
 * Frames [start, end) of which each shows two moments, or, of telecine, two of five do: these hold fields of two film pictures,
 * whose other fields are in the frames next to them.
 */
export type InterlacedPart = {
  readonly start: number;
  readonly end: number;
  readonly first: FieldFirst;
  readonly telecine?: true;
};

/** Which frames of a film are interlaced, found by its pictures and not by its flags. Frames in no part show one moment. */
export type FilmFields = { readonly frames: number; readonly parts: readonly InterlacedPart[] };

export const ONE_MOMENT_EACH: FilmFields = { frames: 0, parts: [] };

/** No part is shorter than this, unless the film is. */
const SHORTEST = 8;
/** With more parts than this a film is interlaced from the first of them to the last; a filter's argument has its limits. */
const MOST_PARTS = 200;

/** No interlaced format has fewer lines. In so few, fields of one moment may fit by chance as if they were of two. */
const FEWEST_LINES = 96;
/** In such a film, frames must on average be as clear as this, and as that where less than half of them tell anything. */
const CLEAR_ON_AVERAGE = 0.15;
const CLEAR_WHERE_FEW_TELL = 0.5;

type FilmFlags = {
  readonly isFlagged: boolean;
  readonly lines?: number;
  /** Whether each picture says of itself that it is interlaced; empty where pictures say nothing. */
  readonly said?: readonly boolean[];
};

/**
 * Finds the interlaced parts of a film from how the fields of its frames lie in time. Every frame speaks for one kind by how
 * clear it is: for single moments, or for two of which one field is the earlier, and against the other order. Each change between the kinds costs as much
 * as three clear frames, and the description with the most gain is taken, so that single frames that mislead change nothing, and a change is found at its frame. Films
 * that are flagged as interlaced need less to be taken for interlaced, and two frames of five are enough, because a deinterlaced
 * frame of one moment loses little, and a combed one is seen. Against its flags a film is taken for interlaced only where
 * its fields fit as those of two moments do, frame after frame: what is taken wrongly would lose half of its lines. Flags that lie
 * about one part tell nothing of the others, so that the rest of such a film is looked at as if it were flagged. Where many pictures say
 * that they are interlaced, and others for long that they are not, each is looked at as it says, unless they turn out to lie. Telecine is
 * known by its repeated fields, whatever is flagged.
 */
export function filmFields(combings: readonly Combing[], { said, ...flags }: FilmFlags): FilmFields {
  if (said?.length === combings.length && said.filter((is) => is).length >= LONG) {
    const asSaid = believing({ ...flags, isFlagged: true, isSingle: longSingles(said) }, combings);
    if (!asSaid.parts.some((part) => liesIn(part, said))) return asSaid;
  }
  const found = believing(flags, combings);
  const orders = found.parts.flatMap(({ first, telecine }) => (telecine ? [] : [first]));
  if (flags.isFlagged || orders.length === 0) return found;
  const { frames, parts } = believing({ ...flags, isFlagged: true }, combings);
  return { frames, parts: parts.filter(({ first, telecine }) => telecine || orders.includes(first)) };
}

/** `isSingle` tells which frames of a flagged film are looked at as if it were not. */
type Believed = Omit<FilmFlags, 'said'> & { readonly isSingle?: readonly boolean[] };

function believing(
  { isFlagged, lines = FEWEST_LINES, isSingle = [] }: Believed,
  combings: readonly Combing[],
): FilmFields {
  const isFlaggedAt = (frame: number) => isFlagged && !isSingle[frame];
  const told = apartness(combings, (frame) => (isFlaggedAt(frame) ? COMBED : Number.POSITIVE_INFINITY));
  const gains = told.map((apart, i) => (Number.isNaN(apart) ? 0 : (isFlaggedAt(i) ? flagged : unflagged)(apart)));
  const isTelecine = telecineFrames(combings);
  const scores = combings.map(
    (combing, i): KindScore => ({
      ...{ gain: gains[i] ?? 0, first: combing.first, isTelecine: isTelecine[i] === true },
      isOrdered: isOrdered(combings, i),
    }),
  );
  const isSure = !isFlagged || lines >= FEWEST_LINES || isSureByFit(combings);
  const found = runsOf(bestKinds(scores))
    .filter(({ start, end }) => end - start >= Math.min(SHORTEST, combings.length))
    .filter(({ kind }) => kind === 'telecine' || isSure)
    .filter(({ kind, start, end }) => kind === 'telecine' || isFlaggedAt(start) || showsTwo(told.slice(start, end)))
    .map((run) =>
      run.kind === 'telecine' || isSingle[run.start - 1] ? run : { ...run, start: earlier(run.start, told) },
    );
  const parts = touching(found).map(
    ({ kind, start, end }): InterlacedPart =>
      kind === 'telecine'
        ? { start, end, first: orderOf(combings.slice(start, end)), telecine: true }
        : { start, end, first: orderOf(combings.slice(start, end), told.slice(start, end)) },
  );
  return { frames: combings.length, parts: parts.length > MOST_PARTS ? [asOne(parts)] : parts };
}

const flagged = (apart: number) => Math.min(1, Math.max(-0.5, apart < 0.55 ? 4 * (0.55 - apart) : 2 * (0.55 - apart)));
const unflagged = (apart: number) => Math.min(1, Math.max(-1, 4 * (0.3 - apart)));
/** Whether enough frames show two moments for a film that is not flagged; still frames tell nothing. */
const showsTwo = (told: readonly number[]) => told.filter((apart) => apart < 0.3).length >= SHORTEST;

/** Whether the fields of a film with few lines fit, on average, as those of two moments do in one order. Where few frames tell, they must be clear. */
function isSureByFit(combings: readonly Combing[]): boolean {
  const order = orderOf(combings);
  const gains = combings.flatMap(({ fit, first }, i) => {
    if (Number.isNaN(fit)) return [];
    const gain = flagged(fit);
    return [first !== order && isOrdered(combings, i) ? -Math.abs(gain) : gain];
  });
  const least = gains.length >= combings.length / 2 ? CLEAR_ON_AVERAGE : CLEAR_WHERE_FEW_TELL;
  return gains.reduce((sum, gain) => sum + gain, 0) >= least * gains.length;
}

/** Whether the order of a frame's fields can be told: motion of about a line a frame hides it, and then lines alternate. */
const isOrdered = (combings: readonly Combing[], i: number): boolean =>
  (combings[i]?.fit ?? 1) < 0.5 && !(combsNear(combings, i) > COMBED);

/** Single frames have too few lines that alternate to tell much, so that those of this many on either side count too. */
const AROUND = 6;

/** Lines of two moments alternate more often than this in the frame; where they do about as often as in its fields, fields may fit by chance. */
const COMBED = 0.25;
const PATTERNED = -0.4;
const BY_CHANCE = 0.25;
/** Soft pictures, in which lines alternate less often in the frame, fit by chance less well if they keep one order. */
const BY_CHANCE_IN_ONE_ORDER = 0.15;
/** Frames of one moment are mostly above this, and then nothing near them counts. */
const PLAIN = 0.8;
/** Frames above this name an order of fields by chance. */
const NAMES_AN_ORDER = 0.7;

/**
 * How far from two moments each frame is: 0 shows two, 1 shows one. Lines that alternate more than `combedAt` tells speak for two, and
 * where the frames around keep one order of fields, as those of cameras do, less is enough.
 */
function apartness(combings: readonly Combing[], combedAt: (frame: number) => number): readonly number[] {
  return combings.map(({ fit }, i) => {
    if (Number.isNaN(fit) || fit > PLAIN) return fit;
    const combs = combsNear(combings, i);
    const isSteady = keepsOneOrder(combings, i);
    if (combs > (isSteady ? COMBED : combedAt(i))) return Math.max(0, fit - combs);
    if (!(combs > PATTERNED)) return fit; // also where hardly any line alternates
    return fit + (isSteady && combs < 0 ? BY_CHANCE_IN_ONE_ORDER : BY_CHANCE);
  });
}

/**
 * Whether the frames near this one all name the same earlier field. Where the fields of single moments fit by chance, they mostly
 * do so now in one order and now in the other, because nothing sets one field before the other.
 */
function keepsOneOrder(combings: readonly Combing[], i: number): boolean {
  const near = combings.slice(Math.max(0, i - AROUND), i + AROUND + 1).filter(({ fit }) => fit < NAMES_AN_ORDER);
  return near.length >= SHORTEST && near.every(({ first }) => first === near[0]?.first);
}

/** How much more often lines alternate in the frames near this one than in their fields; NaN where hardly any do. */
function combsNear(combings: readonly Combing[], i: number): number {
  const near = combings
    .slice(Math.max(0, i - AROUND), i + AROUND + 1)
    .flatMap(({ combs }) => (Number.isNaN(combs) ? [] : [combs]));
  return near.reduce((sum, each) => sum + each, 0) / near.length;
}

/** A frame after a cut fits nothing before it, so that only the frame after it tells that it is interlaced. */
const earlier = (start: number, told: readonly number[]): number =>
  start > 0 && !Number.isNaN(told[start] ?? 0) ? start - 1 : start;

type KindRun = { readonly kind: Exclude<FrameKind, 'single'>; readonly start: number; readonly end: number };

function runsOf(kinds: readonly FrameKind[]): readonly KindRun[] {
  const runs: KindRun[] = [];
  for (let start = 0, end = 1; start < kinds.length; start = end, end++) {
    const kind = kinds[start] ?? 'single';
    while (end < kinds.length && kinds[end] === kind) end++;
    if (kind !== 'single') runs.push({ kind, start, end });
  }
  return runs;
}

/** Puts runs of one kind together that touch, after each was begun a frame earlier; of two kinds, the later ends the earlier. */
function touching(runs: readonly KindRun[]): readonly KindRun[] {
  const joined: KindRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (!last || last.end < run.start) joined.push(run);
    else if (last.kind === run.kind) joined[joined.length - 1] = { ...last, end: run.end };
    else joined.push({ ...run, start: last.end });
  }
  return joined;
}

/** The earlier field in most of the frames that tell it; `told` is how far from two moments each is. */
function orderOf(combings: readonly Combing[], told = combings.map(({ fit }) => fit)): FieldFirst {
  let top = 0;
  for (const [i, { first }] of combings.entries()) {
    const apart = told[i] ?? 1;
    if (apart < 0.5) top += (1 - apart) * (first === 'tff' ? 1 : -1);
  }
  return top >= 0 ? 'tff' : 'bff';
}

/** One part for too many: interlaced from the first to the last, in the order of most. */
function asOne(parts: readonly InterlacedPart[]): InterlacedPart {
  const [start, end] = [parts[0]?.start ?? 0, parts.at(-1)?.end ?? 0];
  const isTelecine = parts.every(({ telecine }) => telecine);
  return { start, end, first: mostFirst(parts) ?? 'tff', ...(isTelecine && { telecine: true }) };
}

/** The order of the fields in most of the interlaced frames. */
export function mostFirst(parts: readonly InterlacedPart[]): FieldFirst | undefined {
  if (parts.length === 0) return undefined;
  const top = parts.reduce((sum, { start, end, first }) => sum + (first === 'tff' ? end - start : start - end), 0);
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

type FrameSpan = { readonly start: number; readonly end: number };

/** The parts of the frames [start, end), counted from `start`. */
export const partsWithin = <Part extends FrameSpan>(
  parts: readonly Part[],
  { start, end }: FrameSpan,
): readonly Part[] =>
  parts
    .filter((part) => part.start < end && part.end > start)
    .map((part) => ({ ...part, start: Math.max(0, part.start - start), end: Math.min(end, part.end) - start }));
