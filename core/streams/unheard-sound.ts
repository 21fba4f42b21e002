import { ServiceError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { StreamPlan } from './stream-plan.ts';

type CountedSound = { readonly stream: number; readonly packets: number; readonly sameTimes?: number };
type OddTimes = { readonly beginsAnew?: boolean; readonly sameTimes?: number };

/** A sound may lose as much of itself as a picture may of its frames. */
const MOST_LOST = 0.05;

/**
 * Throws `bad-input` where more than a twentieth of a sound that is to be converted does not decode, unless damage is accepted. In MP4
 * ffmpeg takes a packet that begins when the one before it begins for one that another fragment replaces, and drops what it decodes to
 * (`mov_read_trun` in libavformat/mov.c). ffmpeg 5.1 itself writes such times with `frag_every_frame`.
 */
export function refuseUnheard(
  plans: readonly StreamPlan[],
  surveys: readonly CountedSound[],
  damaged?: Settings['damaged'],
): void {
  for (const { stream, packets, lost } of unheardOf(plans, surveys)) {
    if (lost / packets <= MOST_LOST || damaged === 'accept') continue;
    throw new ServiceError(
      'bad-input',
      `${sentence({ stream, packets, lost })}; up to 5 % is published with a warning, more with damaged=accept; a recipe that copies sound, such as preserve, takes it as it is`,
      { stream, packets, lost },
    );
  }
}

/** Returns what people are told of sounds of which some is lost by being converted. */
export const unheardTold = (plans: readonly StreamPlan[], surveys: readonly CountedSound[]): readonly string[] =>
  unheardOf(plans, surveys).map(sentence);

/** Returns why the place of a converted sound cannot be compared with that of its source; undefined where it can. */
export const whyUnplaced = ({ beginsAnew, sameTimes = 0 }: OddTimes = {}): string | undefined => {
  if (beginsAnew) return 'its times begin anew within the source';
  return sameTimes > 0 ? `${sameTimes} of its packets begin at the time of another one` : undefined;
};

type Unheard = { readonly stream: number; readonly packets: number; readonly lost: number };

function unheardOf(plans: readonly StreamPlan[], surveys: readonly CountedSound[]): readonly Unheard[] {
  return plans.flatMap(({ stream: { index, type }, codecArgs }) => {
    const survey = surveys.find(({ stream }) => stream === index);
    const isConverted = type === 'audio' && codecArgs && codecArgs[0] !== 'copy';
    return isConverted && survey?.sameTimes ? [{ stream: index, packets: survey.packets, lost: survey.sameTimes }] : [];
  });
}

const sentence = ({ stream, packets, lost }: Unheard) =>
  `${lost} of the ${packets} packets of the sound of stream ${stream} begin at the time of another one and do not decode, so ${Math.max(1, Math.round((100 * lost) / packets))} % of it is lost`;
