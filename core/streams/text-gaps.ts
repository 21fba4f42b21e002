import { clock } from '../format.ts';
import type { StreamPlan } from './stream-plan.ts';

/**
 * ffmpeg makes texts into a track of MP4 with times in microseconds, and has 31 bits for the time between two of them (libavformat/movenc.c).
 * Behind a longer gap all texts would be shown too early. The limit lies below these 2,147 s, so that a film can also be slowed down a little.
 */
const WIDEST_GAP_SECONDS = 2_000;

type TextTimes = {
  readonly firstSeconds?: number | undefined;
  readonly longestGap?: { readonly seconds: number };
};

/** Returns why a text of these times cannot be a track of MP4; undefined where it can. */
export function tooWideAGap({ firstSeconds = 0, longestGap }: TextTimes): string | undefined {
  const seconds = Math.max(firstSeconds, longestGap?.seconds ?? 0);
  if (seconds <= WIDEST_GAP_SECONDS) return undefined;
  return `MP4 would show its texts too early behind ${clock(Math.floor(seconds))} without one`;
}

/** Returns the time before the first of these texts, and the longest one between two of them. */
export function gapsOf(cues: readonly { readonly startSeconds: number; readonly endSeconds: number }[]): TextTimes {
  let [end, seconds] = [cues[0]?.startSeconds ?? 0, 0];
  for (const cue of cues) {
    seconds = Math.max(seconds, cue.startSeconds - end);
    end = Math.max(end, cue.endSeconds);
  }
  return { firstSeconds: cues[0]?.startSeconds, longestGap: { seconds } };
}

/** Returns the plans, in which texts with a gap that is too wide for a track of MP4 lie beside it alone. */
export const withoutWideGaps = (
  plans: readonly StreamPlan[],
  surveys: readonly (TextTimes & { readonly stream: number })[],
): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs, sidecar } = plan;
    const survey = surveys.find((each) => each.stream === stream.index);
    const why = codecArgs?.[0] === 'mov_text' && sidecar && survey ? tooWideAGap(survey) : undefined;
    if (why === undefined) return plan;
    return { ...plan, fate: 'kept', why: `${why}; the ${stream.codec} itself is in the sidecar`, codecArgs: undefined };
  });
