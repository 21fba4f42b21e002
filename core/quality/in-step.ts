import type { Size } from '../film/frame-size.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Closeness } from './closeness.ts';

/**
 * How much nearer a rendition's frame is to its own source frame than to the frames before and after, as a share of the
 * motion between them. A frame at the right time has both leads near 1, however coarse the encode. In a rendition that
 * is a frame late or early one lead is near -1 or below; in one that stands still, or shows another picture, the two
 * leads cancel each other out.
 *
 * Measured: of 90 encodes at CRF 28 no lead was below -0.22, and none below 0.05 where a frame's motion was a quarter
 * of its error; of 70 encodes that were shifted and moved at all, 66 had a lead below -0.3.
 */
type Leads = {
  readonly before: number;
  readonly after: number;
  /** Mean squared error between neighbouring frames of the source. */
  readonly motion: number;
  /** The motion divided by the rendition's error: how plainly the motion shows. */
  readonly clarity: number;
};

/** Returns the leads of a rendition's frames, from their mean squared errors against the source's frames. */
export function leadsOf({ same, earlier, later, motionBefore, motionAfter }: Closeness): Leads {
  const motion = (motionBefore + motionAfter) / 2;
  const least = 1e-9; // avoids a division by 0 where nothing moves
  return {
    before: (earlier - same.y) / Math.max(motionBefore, least),
    after: (later - same.y) / Math.max(motionAfter, least),
    motion,
    clarity: motion / Math.max(same.y, least),
  };
}

/** Less motion than this is lost in the two decimals of the statistics. */
const LEAST_MOTION = 0.15;

/** Whether a rendition's frames are those before or after in its source. What does not move cannot tell. */
export function isShifted({ before, after, motion, clarity }: Leads): boolean {
  const lead = Math.min(before, after);
  return motion >= LEAST_MOTION && (lead < -0.35 || (lead < -0.15 && clarity > 0.25));
}

function isUnrelated({ before, after, motion, clarity }: Leads): boolean {
  return motion >= 10 * LEAST_MOTION && clarity < 0.4 && (before + after) / 2 < 0.05;
}

/**
 * In pictures below this size, and in films of fewer pictures than this, an encoder may leave out a slow motion: of 128 encodes
 * of small pictures 32 had leads as if they were shifted (docs/quality.md). A rendition that is shifted shows another frame of
 * the source as well as it should show its own, so that the motion between the two is a multiple of its error to that one.
 */
const TELLING_PIXELS = 128 * 96;
const TELLING_FRAMES = 25;
const TELLING_MOTION = 2;
/** With fewer pixels than this the result is chance. */
const LEAST_PIXELS = 32 * 32;

type JudgedFrames = Size & { readonly frames?: number };

/** Checks that frames are in step. `frames` is how many were compared, where these are all that the film has. */
export function inStep(closeness: Closeness, { width, height, frames = TELLING_FRAMES }: JudgedFrames): Check {
  const leads = leadsOf(closeness);
  const { before, after, motion } = leads;
  const pixels = width * height;
  const nearest = Math.min(closeness.same.y, closeness.earlier, closeness.later);
  const isPlain = motion >= TELLING_MOTION * nearest;
  const isEnough = pixels >= TELLING_PIXELS && frames >= TELLING_FRAMES;
  const tells = isEnough || (pixels >= LEAST_PIXELS && isPlain);
  const telling = `nearer to their own source frame than to the one before by ${before.toFixed(2)} and to the one after by ${after.toFixed(2)} of the motion between them`;
  return check(
    'frames in step with the source',
    !tells || (!isShifted(leads) && !isUnrelated(leads)),
    motion < LEAST_MOTION
      ? 'the sampled frames hardly move, so a shift would not show'
      : tells
        ? telling
        : 'the pictures are too small, too few, or coded too coarsely, for a shift to show',
  );
}
