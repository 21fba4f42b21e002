import { clock } from '../format.ts';
import type { StreamPlan } from './stream-plan.ts';
import { shortenedInMp4, type TextTimes, textsInOrder } from './text-times.ts';

/**
 * ffmpeg makes texts into a track of MP4 with times in microseconds, and has 31 bits for the time between two of them (libavformat/movenc.c).
 * Behind a longer gap all texts would be shown too early. The limit lies below these 2,147 s, so that a film can also be slowed down a little.
 */
const WIDEST_GAP_SECONDS = 2_000;

/** Returns why texts of these times cannot be a track of MP4; undefined where they can. */
export function tooWideAGap(times: TextTimes): string | undefined {
  let [end, widest] = [0, 0];
  for (const { begins, ends } of textsInOrder(times)) {
    widest = Math.max(widest, begins - end);
    end = Math.max(end, begins, ends || 0); // the end may not be stated
  }
  if (widest <= WIDEST_GAP_SECONDS) return undefined;
  return `MP4 would show its texts too early behind ${clock(Math.floor(widest))} without one`;
}

type TextSurvey = { readonly stream: number; readonly textTimes?: TextTimes };

/**
 * Returns the plans, in which texts with a gap that is too wide for a track of MP4 lie beside it alone, and others say which of them it
 * does not show as long as they are.
 */
export const withTimesInMp4 = (plans: readonly StreamPlan[], surveys: readonly TextSurvey[]): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs, sidecar, why } = plan;
    const times = surveys.find((each) => each.stream === stream.index)?.textTimes;
    if (codecArgs?.[0] !== 'mov_text' || !sidecar || !times) return plan;
    const gap = tooWideAGap(times);
    if (gap === undefined) return { ...plan, why: `${why}${shortenedInMp4(times)}` };
    return { ...plan, fate: 'kept', why: `${gap}; the ${stream.codec} itself is in the sidecar`, codecArgs: undefined };
  });
