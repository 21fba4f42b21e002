import type { Combing } from './combing.ts';

/** Telecine repeats each field in the same one of so many frames. */
const PERIOD = 5;
/** So many repeats of each field in their places make it telecine, which are three periods of it. */
const LEAST_REPEATS = 3;
/** Where nothing moves no field is known to be repeated. So long nothing may move. */
const LONGEST_REST = 2 * PERIOD;

/**
 * Tells of each frame whether it lies in a stretch of telecine: film pictures at 24 a second, of which each second one lasts a field
 * longer, so that of five frames two show two pictures. It is known by its repeated fields. In frames of two moments no field is
 * like that before while the other one moves, and by chance hardly any are, five frames apart, over and over.
 */
export function telecineFrames(combings: readonly Combing[]): readonly boolean[] {
  const found = combings.map(() => false);
  const repeats = combings.flatMap((_, i) => (isInPlace(combings, i) ? [i] : []));
  let from = 0;
  for (let i = 1; i <= repeats.length; i++) {
    const [last = 0, next] = [repeats[i - 1], repeats[i]];
    if (next !== undefined && next - last <= LONGEST_REST) continue;
    const top = repeats.slice(from, i).filter((frame) => combings[frame]?.repeats === 'top').length;
    const hasBoth = Math.min(top, i - from - top) >= LEAST_REPEATS;
    const isLong = last - (repeats[from] ?? last) > 2 * PERIOD;
    if (hasBoth && isLong && mixesKinds(combings.slice(repeats[from], last + 1)))
      found.fill(true, repeats[from], last + 1);
    from = i;
  }
  return found;
}

/** Fields of frames that fit less than this show two moments. */
const TWO_MOMENTS = 0.2;
/** Two frames of five are like that in telecine, and nearly all of other interlaced films. */
const MOST_OF_TWO = 0.67;
/** Most of them say the same of the order of their fields. */
const SAME_ORDER = 0.8;

/** Whether some frames show two moments and others one, and the order of fields is always the same. */
function mixesKinds(combings: readonly Combing[]): boolean {
  const told = combings.filter(({ fit }) => !Number.isNaN(fit));
  const two = told.filter(({ fit }) => fit < TWO_MOMENTS);
  const top = two.filter(({ first }) => first === 'tff').length;
  return two.length <= MOST_OF_TWO * told.length && Math.max(top, two.length - top) >= SAME_ORDER * two.length;
}

/** Whether the field that a frame repeats is repeated a period before or after, too. */
function isInPlace(combings: readonly Combing[], i: number): boolean {
  const repeats = combings[i]?.repeats;
  if (!repeats) return false;
  return combings[i - PERIOD]?.repeats === repeats || combings[i + PERIOD]?.repeats === repeats;
}
