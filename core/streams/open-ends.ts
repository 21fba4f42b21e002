import { type Container, isInMatroska } from '../settings/delivery.ts';
import type { StreamPlan } from './stream-plan.ts';

type SurveyedEnds = { readonly stream: number; readonly endsOpen?: true };

/**
 * Returns the plans, where copied sounds and pictures whose last packet has no length are marked for MP4 and MOV. ffmpeg would end
 * their edit list where that packet begins, so that no player would show it.
 */
export const withOpenEnds = (
  plans: readonly StreamPlan[],
  surveys: readonly SurveyedEnds[],
  container: Container,
): readonly StreamPlan[] => {
  if (isInMatroska(container)) return plans;
  const open = new Set(surveys.flatMap(({ stream, endsOpen }) => (endsOpen ? [stream] : [])));
  return plans.map((plan) => {
    const { index, type, video } = plan.stream;
    const isTimed = type === 'audio' || (type === 'video' && !video?.isAttachedPicture);
    return isTimed && plan.codecArgs?.[0] === 'copy' && open.has(index) ? { ...plan, endsOpen: true } : plan;
  });
};

/** ffmpeg's bitstream filter that gives packets without a length that of the packet before. */
export const LENGTHS_OF_PACKETS = 'setts=duration=if(gt(DURATION\\,0)\\,DURATION\\,if(gt(N\\,0)\\,DTS-PREV_INDTS\\,0))';
