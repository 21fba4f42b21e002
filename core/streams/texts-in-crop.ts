import type { CropOfTexts } from './crop-of-texts.ts';
import type { StreamPlan } from './stream-plan.ts';

/** Subtitles that say where in the picture they stand, by ffprobe's names. */
const PLACED = /^(ass|ssa|hdmv_pgs_subtitle|dvd_subtitle|dvb_subtitle)$/;

/**
 * Returns the plan of a subtitle that is kept beside a cropped picture. The places in a script of ASS that comes to lie beside the film are
 * moved with it. A word says that they are not in other subtitles, and where `crop` is undefined since the picture is turned too.
 */
export function placedInCrop(plan: StreamPlan, crop: CropOfTexts | undefined): StreamPlan {
  const { stream, fate, why, codecArgs, sidecar } = plan;
  const isFile = sidecar !== undefined || plan.beside !== undefined;
  const keepsPlaces = codecArgs?.[0] === 'copy' || (codecArgs === undefined && isFile);
  if (stream.type !== 'subtitle' || fate === 'dropped' || !PLACED.test(stream.codec) || !keepsPlaces) return plan;
  if (crop && sidecar?.format === 'ass' && codecArgs === undefined && !plan.beside) {
    const moved = 'its places are moved to the part of the picture that crop= leaves';
    return { ...plan, fate: 'converted', placedIn: crop, why: why === '' ? moved : `${why}; ${moved}` };
  }
  const told = 'what it places in the picture stands elsewhere, since its places are those of the picture before crop=';
  return { ...plan, why: why === '' ? told : `${why}; ${told}` };
}
