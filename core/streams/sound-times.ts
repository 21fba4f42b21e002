import { isPcm, type Probe } from '../film/probe.ts';
import type { Container } from '../settings/delivery.ts';
import type { StreamPlan } from './stream-plan.ts';

/** A packet that begins so much behind the end of the one before leaves a gap; less is how coarsely some containers count. */
export const SHORTEST_GAP_SECONDS = 0.1;
/** Times that go back so far, or on so far, are those of another recording put behind the first. */
export const JUMP_SECONDS = 10;

/** What the times of a stream's packets tell besides its beginning and end. */
export type SoundTimes = {
  /** How long it has no packets between its first and its last, of gaps longer than SHORTEST_GAP_SECONDS. */
  readonly gapSeconds?: number;
  /** Its times go back, or on by more than JUMP_SECONDS: it is several recordings, and ffmpeg makes new times for them. */
  readonly beginsAnew?: boolean;
};

type SoundSurvey = SoundTimes & {
  readonly stream: number;
  readonly endSeconds: number | undefined;
};

/**
 * The plans with what the times of sound ask for. PCM in MOV is counted sample by sample from its beginning, so what comes
 * behind a gap would come too early: the gap is filled with silence, and sound that was to be copied goes through an
 * encoder of the same samples for that. ALAC and FLAC have such long packets that one which holds what lies on both sides of a
 * gap closes it by up to a tenth of a second: they are filled in every container. And an edit list that ends before an encoder's padding does is obeyed.
 */
export const withSoundTimes = (
  plans: readonly StreamPlan[],
  {
    probe,
    container,
    surveys,
  }: { readonly probe: Probe; readonly container: Container; readonly surveys: readonly SoundSurvey[] },
): readonly StreamPlan[] =>
  plans.map((plan) => {
    const survey = surveys.find(({ stream }) => stream === plan.stream.index);
    if (plan.stream.type !== 'audio' || !plan.codecArgs || !survey) return plan;
    return endedInTime(withoutGaps(plan, survey, container), probe, survey);
  });

/** Encoders of 4096 samples a packet and more. */
const LONG_PACKETS: ReadonlySet<string> = new Set(['alac', 'flac']);

function withoutGaps(plan: StreamPlan, { gapSeconds = 0 }: SoundSurvey, container: Container): StreamPlan {
  const [encoder = 'copy'] = plan.codecArgs ?? [];
  const isCopy = encoder === 'copy';
  const isCounted = container === 'mov' && (isCopy ? isPcm(plan.stream) : encoder.startsWith('pcm_'));
  if (gapSeconds < SHORTEST_GAP_SECONDS || !(isCounted || LONG_PACKETS.has(encoder))) return plan;
  const why = `${isCopy ? 'PCM in MOV has no gaps' : plan.why}; its ${gapSeconds.toFixed(2)} s without sound are filled with silence`;
  const codecArgs = isCopy ? [plan.stream.codec] : plan.codecArgs;
  return { ...plan, fate: 'converted', why, codecArgs, fillsGaps: true, ...(isCopy && { isExact: true }) };
}

/** Packets of AAC hold 1024 samples, whether or not the last ones were recorded. */
function endedInTime(plan: StreamPlan, { format }: Probe, { endSeconds }: SoundSurvey): StreamPlan {
  const isPadded = format.startsWith('mov') && plan.stream.codec === 'aac';
  return isPadded && endSeconds !== undefined && plan.codecArgs?.[0] !== 'copy'
    ? { ...plan, endsAt: endSeconds }
    : plan;
}

/** ffmpeg's filters for such a plan, before any of its own. `offset` is what the source's times are moved by. */
export const soundTimeFilters = ({ fillsGaps, endsAt }: StreamPlan, offset: number): readonly string[] => [
  ...(fillsGaps ? ['aresample=async=1'] : []),
  ...(endsAt === undefined ? [] : [`atrim=end=${(endsAt + offset).toFixed(9)}`]),
];
