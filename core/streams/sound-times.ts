import { isPcm, type Probe } from '../film/probe.ts';
import type { Container } from '../settings/delivery.ts';
import type { StreamPlan } from './stream-plan.ts';

/** A packet that begins this much after the end of the one before leaves a gap. Coarse container clocks cause smaller differences. */
export const SHORTEST_GAP_SECONDS = 0.1;
/** A jump of the times by this much, in either direction, is the beginning of another recording in the same file. */
export const JUMP_SECONDS = 10;

/** Irregularities in the times of a stream's packets. */
export type SoundTimes = {
  /** The sum of all gaps longer than SHORTEST_GAP_SECONDS between its first and its last packet. */
  readonly gapSeconds?: number;
  /** Whether its times jump by more than JUMP_SECONDS: the file then holds several recordings, and ffmpeg makes new times. */
  readonly beginsAnew?: boolean;
};

type SoundSurvey = SoundTimes & {
  readonly stream: number;
  readonly endSeconds: number | undefined;
};

/**
 * Returns the plans with sound that keeps its times. MOV counts PCM sample by sample, so sound behind a gap would come too
 * early: gaps are filled with silence, and PCM that would be copied is encoded as the same PCM for that. Packets of ALAC
 * and FLAC are so long that one of them would close a gap by up to a tenth of a second, so their gaps are filled in every
 * container. AAC that is decoded ends where the source's edit list ends it, without the encoder's padding.
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

/** AAC packets hold 1024 samples, of which the last ones may be an encoder's padding that the edit list hides. */
function endedInTime(plan: StreamPlan, { format }: Probe, { endSeconds }: SoundSurvey): StreamPlan {
  const isPadded = format.startsWith('mov') && plan.stream.codec === 'aac';
  return isPadded && endSeconds !== undefined && plan.codecArgs?.[0] !== 'copy'
    ? { ...plan, endsAt: endSeconds }
    : plan;
}

/**
 * Returns ffmpeg's filters that fill gaps and cut padding. `offset` is added to the source's times, in seconds. Sound that
 * fills a film begins at 0, where the film begins, and ends with it.
 */
export function soundTimeFilters(plan: StreamPlan, offset: number): readonly string[] {
  const { fillsGaps, endsAt, silenceTo, codecArgs } = plan;
  if (codecArgs?.[0] === 'copy') return [];
  const end = silenceTo && Math.max(0, silenceTo.to + offset).toFixed(9);
  return [
    ...(silenceTo ? ['aresample=async=1:first_pts=0'] : fillsGaps ? ['aresample=async=1'] : []),
    ...(endsAt === undefined ? [] : [`atrim=end=${(endsAt + offset).toFixed(9)}`]),
    ...(silenceTo ? [`apad=whole_dur=${end}`, `atrim=end=${end}`] : []),
  ];
}
