import type { StreamPlan } from './stream-plan.ts';
import { sharedInMp4, shownTogether, type TextTimes, textsInFile } from './text-times.ts';

/** Returns why texts of these times cannot be a track of MP4; undefined where they can. */
export const whyNotInMp4 = (times: TextTimes): string | undefined =>
  shownTogether(textsInFile(times)) ? undefined : 'MP4 shows one text at a time, and too many of its texts overlap';

type TextSurvey = { readonly stream: number; readonly textTimes?: TextTimes };

/** Returns the plans with the times of texts that become a track of MP4. Where that cannot show them, they lie beside it alone. */
export const withTimesInMp4 = (plans: readonly StreamPlan[], surveys: readonly TextSurvey[]): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs, why } = plan;
    const times = surveys.find((each) => each.stream === stream.index)?.textTimes;
    if (codecArgs?.[0] !== 'mov_text' || !times) return plan;
    const reason = whyNotInMp4(times);
    if (reason === undefined) return { ...plan, textTimes: times, why: `${why}${sharedInMp4(textsInFile(times))}` };
    return {
      ...plan,
      fate: 'kept',
      why: `${reason}; the ${stream.codec} itself is in the sidecar`,
      codecArgs: undefined,
    };
  });
