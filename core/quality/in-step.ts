import type { Size } from '../film/frame-size.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Closeness } from './closeness.ts';

/**
 * A frame that shows the right moment is nearer to its own source frame than to those beside it, by as much as moves
 * between them: both leads are near 1, however coarse the encode. A rendition that is late or early has a lead near -1
 * or below; in one that stands still, or shows something else, the two cancel each other out.
 *
 * Measured (docs/quality.md): of 90 encodes at CRF 28 no lead was below -0.22, and none below 0.05 where a frame's motion
 * was a quarter of its error; of shifted ones that moved at all, all but 4 in 70 had a lead below -0.3.
 */
export type Leads = {
  readonly before: number;
  readonly after: number;
  /** Mean squared error between frames of the source. */
  readonly motion: number;
  /** The same, over the rendition's error: how plain to see it is. */
  readonly clarity: number;
};

export function leadsOf({ same, earlier, later, motionBefore, motionAfter }: Closeness): Leads {
  const motion = (motionBefore + motionAfter) / 2;
  const least = 1e-9; // nothing moves
  return {
    before: (earlier - same.y) / Math.max(motionBefore, least),
    after: (later - same.y) / Math.max(motionAfter, least),
    motion,
    clarity: motion / Math.max(same.y, least),
  };
}

/** Below this the statistics' two decimals are all there is. */
const LEAST_MOTION = 0.15;

export function isShifted({ before, after, motion, clarity }: Leads): boolean {
  const lead = Math.min(before, after);
  return motion >= LEAST_MOTION && (lead < -0.35 || (lead < -0.15 && clarity > 0.25));
}

export function isUnrelated({ before, after, motion, clarity }: Leads): boolean {
  return motion >= 10 * LEAST_MOTION && clarity < 0.4 && (before + after) / 2 < 0.05;
}

/**
 * In smaller pictures an encoder may well let a slow motion stand: of 128 encodes below this size 32 had leads as if they
 * were shifted, none of them with a clarity above 0.4 (docs/quality.md).
 */
const TELLING_PIXELS = 128 * 96;
const TELLING_CLARITY = 0.5;
/** Of fewer, chance decides. */
const LEAST_PIXELS = 32 * 32;

export function inStep(closeness: Closeness, { width, height }: Size): Check {
  const leads = leadsOf(closeness);
  const { before, after, motion, clarity } = leads;
  const pixels = width * height;
  const tells = pixels >= TELLING_PIXELS || (pixels >= LEAST_PIXELS && clarity >= TELLING_CLARITY);
  const telling = `nearer to their own source frame than to the one before by ${before.toFixed(2)} and to the one after by ${after.toFixed(2)} of what moves between`;
  return check(
    'frames in step with the source',
    !tells || (!isShifted(leads) && !isUnrelated(leads)),
    motion < LEAST_MOTION
      ? 'the sampled frames hardly move: nothing to tell by'
      : tells
        ? telling
        : 'so few pixels, and coded so coarsely, do not tell',
  );
}
