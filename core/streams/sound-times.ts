import { isPcm, type Probe, type Stream } from '../film/probe.ts';
import type { Container } from '../settings/delivery.ts';
import type { Settings } from '../settings/settings.ts';
import { refuseApart } from './clock-jumps.ts';
import { lostObjects, pcmFor } from './lossless-sound.ts';
import { namedChannels } from './one-sound-kind.ts';
import { SHORTEST_GAP_SECONDS } from './sound-clock.ts';
import { dropped, type StreamPlan } from './stream-plan.ts';
import { refuseUnheard } from './unheard-sound.ts';

/** Times that go back by this much are those of another recording in the same file. */
export const JUMP_SECONDS = 10;

/** Irregularities in the times of a stream's packets. */
export type SoundTimes = {
  /** The sum of all gaps longer than SHORTEST_GAP_SECONDS between its first and its last packet. */
  readonly gapSeconds?: number;
  /** Where the longest of these gaps begins, and how long it is. */
  readonly longestGap?: { readonly fromSeconds: number; readonly seconds: number };
  /** The length of the samples of PCM for which its times leave no room. */
  readonly overlapSeconds?: number;
  /** Whether its times go back by more than JUMP_SECONDS: the file then holds several recordings, and its later times are those of our correction. */
  readonly beginsAnew?: boolean;
  /** How many packets of a sound in MP4 begin at the time of the one before. */
  readonly sameTimes?: number;
  /** How many packets behind its first shown one an edit list hides: a copy of its packets would show them. */
  readonly hiddenPackets?: number;
  /** Whether its last packet does not say how long it lasts. */
  readonly endsOpen?: true;
  /** How much later than the picture it is behind joints of recordings, at most, in seconds; negative where it is earlier. */
  readonly apartSeconds?: number;
  /** True where its jumps do not match those of the picture, so that its offset is unknown. */
  readonly isApartUnknown?: true;
};

type SoundSurvey = SoundTimes & {
  readonly stream: number;
  readonly packets: number;
  readonly firstSeconds: number | undefined;
  readonly endSeconds: number | undefined;
};

/** Sound and picture of which one begins later than the other by less than this, the time of a frame, are in step for eyes and ears. */
export const LATEST_BEGIN_SECONDS = 0.04;

/**
 * Returns the plans with sound that keeps its times.
 * - MOV counts sound from its beginning, so sound behind a gap would come too early, and behind samples that overlap too late: gaps are
 *   filled with silence, and what overlaps is left out. PCM that would be copied is encoded as the same PCM for that, other sound as PCM.
 *   Only the decoder knows how many samples other packets have, so all sound that is decoded for MOV is laid by its times.
 * - Packets of ALAC and FLAC are so long that one of them would close a gap by up to a tenth of a second, so their gaps are filled in
 *   every container.
 * - AAC that is decoded ends where the source's edit list ends it, without the encoder's padding.
 * - A loop is made without edit lists, so its sound is silent from the picture's beginning on until it begins, and what is heard before
 *   the first picture is cut off. It ends with the picture at the latest, since a loop lasts as long as its longer track.
 *
 * Throws `bad-input` where too much of a sound would be lost (`refuseUnheard`), or be out of step (`refuseApart`).
 */
export const withSoundTimes = (
  plans: readonly StreamPlan[],
  {
    probe,
    container,
    surveys,
    damaged,
    beginsAt,
    endsWith,
  }: {
    readonly probe: Probe;
    readonly container: Container;
    readonly surveys: readonly SoundSurvey[];
    readonly damaged?: Settings['damaged'] | undefined;
    /** When the picture begins, where sound has to begin with it. */
    readonly beginsAt?: number | undefined;
    /** When the picture ends, where sound has to end with it. */
    readonly endsWith?: number | undefined;
  },
): readonly StreamPlan[] => {
  const timed = plans.map((plan) => {
    const survey = surveys.find(({ stream }) => stream === plan.stream.index);
    if (plan.stream.type !== 'audio' || !plan.codecArgs || !survey) return plan;
    const outside = outsidePicture(survey, { beginsAt, endsWith });
    if (outside !== undefined) return { stream: plan.stream, ...dropped(outside) };
    const begun = beginsAt === undefined ? plan : begunWithPicture(plan, beginsAt, survey);
    const ended = endedInTime(withoutGaps(begun, survey, { container, beginsAt }), probe, survey);
    return endsWith === undefined ? ended : cutWithPicture(ended, endsWith, survey);
  });
  refuseUnheard(timed, surveys, damaged);
  refuseApart(timed, surveys, damaged);
  return timed;
};

/** Encoders of 4096 samples a packet and more. */
const LONG_PACKETS: ReadonlySet<string> = new Set(['alac', 'flac']);

type Counted = { readonly container: Container; readonly beginsAt: number | undefined };

function withoutGaps(plan: StreamPlan, survey: SoundSurvey, { container, beginsAt }: Counted): StreamPlan {
  const { gapSeconds = 0, overlapSeconds = 0, firstSeconds = 0 } = survey;
  const { stream, codecArgs: [encoder = 'copy'] = [] } = plan;
  const isCopy = encoder === 'copy';
  const isCounted = container === 'mov' && (isCopy || encoder.startsWith('pcm_'));
  const hasGaps = gapSeconds >= SHORTEST_GAP_SECONDS && (isCounted || LONG_PACKETS.has(encoder));
  const overlaps = overlapSeconds >= SHORTEST_GAP_SECONDS && isCounted;
  const late = isCounted && beginsAt !== undefined ? firstSeconds - beginsAt : 0;
  const isLate = late > LATEST_BEGIN_SECONDS;
  if (!hasGaps && !overlaps && !isLate) return isCounted && !isCopy ? { ...plan, fillsGaps: true } : plan;
  const filled = [
    hasGaps && `its ${gapSeconds.toFixed(2)} s without sound are filled with silence`,
    overlaps && `its ${overlapSeconds.toFixed(2)} s of samples that overlap others are left out`,
    isLate && `it begins ${late.toFixed(2)} s after the picture, and is silent until then`,
  ].filter((each) => each !== false);
  const { isExact: _, ...others } = plan;
  const { isExact, ...converted } = isCopy ? asPcm(stream) : plan;
  return {
    ...others,
    ...converted,
    fate: 'converted',
    why: [converted.why, ...filled].join('; '),
    ...(isExact && !overlaps && { isExact }),
    fillsGaps: true,
    ...(isLate && { silentFrom: beginsAt ?? 0 }),
  };
}

/** Sound that would be copied, as PCM, into which silence can be put. */
function asPcm(stream: Stream): Pick<StreamPlan, 'why' | 'codecArgs' | 'isExact'> {
  if (isPcm(stream)) return { why: 'PCM in MOV has no gaps', codecArgs: [stream.codec], isExact: true };
  const { encoder, isExact, loses } = pcmFor(stream);
  const why = `editors count the ${stream.codec} of MOV without its gaps, so it becomes PCM${loses}${lostObjects(stream)}`;
  return { why, codecArgs: [encoder], ...(isExact && { isExact }) };
}

/** AAC packets hold 1024 samples, of which the last ones may be an encoder's padding that the edit list hides. */
function endedInTime(plan: StreamPlan, { format }: Probe, { endSeconds }: SoundSurvey): StreamPlan {
  const isPadded = format.startsWith('mov') && plan.stream.codec === 'aac';
  return isPadded && endSeconds !== undefined && plan.codecArgs?.[0] !== 'copy'
    ? { ...plan, endsAt: endSeconds }
    : plan;
}

/** Containers round times to a millisecond. */
const ROUNDED_SECONDS = 0.001;

/** Returns why nothing of a sound is in a loop, which begins and ends with its picture; undefined where something of it is. */
function outsidePicture(
  { firstSeconds, endSeconds }: SoundSurvey,
  { beginsAt, endsWith }: { readonly beginsAt?: number | undefined; readonly endsWith?: number | undefined },
): string | undefined {
  if (beginsAt !== undefined && endSeconds !== undefined && endSeconds <= beginsAt + ROUNDED_SECONDS)
    return 'it ends before the first picture, and a loop begins with its picture; it stays in the source';
  if (endsWith !== undefined && firstSeconds !== undefined && firstSeconds >= endsWith - ROUNDED_SECONDS)
    return 'it begins behind the last picture, and a loop ends with its picture; it stays in the source';
  return undefined;
}

/** Seconds in hundredths, and what is less than one of them in milliseconds. */
const shortTime = (seconds: number) =>
  seconds < 0.01 ? `${(1000 * seconds).toFixed(0)} ms` : `${seconds.toFixed(2)} s`;

/** A sound that loses its end has no longer the same samples, so none is promised. */
function cutWithPicture(plan: StreamPlan, seconds: number, { endSeconds }: SoundSurvey): StreamPlan {
  const over = (endSeconds ?? seconds) - seconds;
  if (over <= ROUNDED_SECONDS) return plan;
  const { isExact: _, ...pcm } = plan.codecArgs?.[0] === 'copy' ? { ...plan, ...asPcm(plan.stream) } : plan;
  const cut = `its ${shortTime(over)} behind the end of the picture are cut, so that a loop is as long as its picture`;
  const why = plan.codecArgs?.[0] === 'copy' ? cut : `${plan.why}; ${cut}`;
  return { ...pcm, fate: 'converted', why, endsAt: seconds, cutAt: { seconds, leavesOutSeconds: over } };
}

/** A loop begins with its picture, at 0, since nothing but an edit list could say that it begins later. */
function begunWithPicture(plan: StreamPlan, seconds: number, { firstSeconds }: SoundSurvey): StreamPlan {
  const early = seconds - (firstSeconds ?? seconds);
  if (seconds <= LATEST_BEGIN_SECONDS || early <= ROUNDED_SECONDS) return plan;
  const isCopy = plan.codecArgs?.[0] === 'copy';
  const { isExact: _, ...pcm } = isCopy ? { ...plan, ...asPcm(plan.stream) } : plan;
  const cut = `its ${shortTime(early)} before the first picture are cut, so that a loop begins with both`;
  const why = isCopy ? cut : `${plan.why}; ${cut}`;
  const cutFrom = { seconds, leavesOutSeconds: early };
  return { ...pcm, fate: 'converted', why, fillsGaps: true, silentFrom: seconds, cutFrom };
}

/** What people are told of sound of which more is cut than the padding of an encoder. */
export const cutSoundTold = (name: string, plans: readonly StreamPlan[]): readonly string[] => [
  ...plans.flatMap(({ stream, cutFrom }) =>
    cutFrom
      ? [
          `${name} begins with its picture: ${cutFrom.leavesOutSeconds.toFixed(2)} s of the sound of stream ${stream.index}, which begins earlier, are left out`,
        ]
      : [],
  ),
  ...plans.flatMap(({ stream, cutAt }) =>
    cutAt && cutAt.leavesOutSeconds > SHORTEST_GAP_SECONDS
      ? [
          `${name} ends with its picture: ${cutAt.leavesOutSeconds.toFixed(2)} s of the sound of stream ${stream.index}, which goes on longer, are left out`,
        ]
      : [],
  ),
];

/**
 * Fills gaps with silence, and cuts overlaps, from this length on, so that no sound is off by more than it may be. By itself ffmpeg
 * leaves those that are shorter than a tenth of a second.
 */
const FILLED = 'aresample=async=1:min_hard_comp=0.03';
/** At each of many edits a few milliseconds overlap, which would add up. */
const FILLED_AT_EDITS = 'aresample=async=1:min_hard_comp=0.004';

/**
 * Returns ffmpeg's filters that fill gaps and cut padding. `offset` is added to the source's times, in seconds. Sound that
 * fills a film begins at 0, where the film begins, and ends with it.
 */
export function soundTimeFilters(plan: StreamPlan, offset: number): readonly string[] {
  const { stream, fillsGaps, endsAt, silenceTo, silentFrom, codecArgs } = plan;
  const filled = plan.followsEdits ? FILLED_AT_EDITS : FILLED;
  if (codecArgs?.[0] === 'copy') return [];
  const end = silenceTo && Math.max(0, silenceTo.to + offset).toFixed(9);
  return [
    ...namedChannels(plan),
    ...(silenceTo
      ? [`${filled}:first_pts=0`]
      : fillsGaps
        ? [`${filled}${silentFrom === undefined ? '' : `:first_pts=${samplesAt(silentFrom + offset, stream)}`}`]
        : []),
    ...(endsAt === undefined ? [] : [`atrim=end=${(endsAt + offset).toFixed(9)}`]),
    ...(silenceTo ? [`apad=whole_dur=${end}`, `atrim=end=${end}`] : []),
  ];
}

const samplesAt = (seconds: number, { audio }: Stream) =>
  Math.round(Math.max(0, seconds) * (audio?.sampleRate ?? 48_000));
