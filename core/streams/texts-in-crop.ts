import type { StreamPlan } from './stream-plan.ts';

/** Subtitles that say where in the picture they stand, by ffprobe's names. */
const PLACED = /^(ass|ssa|hdmv_pgs_subtitle|dvd_subtitle|dvb_subtitle)$/;

/** Returns the plan of a subtitle that is kept beside a cropped picture with a word on its places, which are not moved. */
export function toldInCrop(plan: StreamPlan): StreamPlan {
  const { stream, fate, why, codecArgs, sidecar } = plan;
  const keepsPlaces = codecArgs?.[0] === 'copy' || (codecArgs === undefined && sidecar !== undefined);
  if (stream.type !== 'subtitle' || fate === 'dropped' || !PLACED.test(stream.codec) || !keepsPlaces) return plan;
  const told = 'what it places in the picture stands elsewhere, since its places are those of the picture before crop=';
  return { ...plan, why: why === '' ? told : `${why}; ${told}` };
}
