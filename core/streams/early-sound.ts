import { usage } from '../errors.ts';
import type { Stream } from '../film/probe.ts';
import type { StreamPlan } from './stream-plan.ts';

/** Decoders need at most this much of the sound that an edit list hides before the beginning. */
export const EARLIEST_SECONDS = -0.1;

/** Returns ffmpeg's bitstream filter that drops the first packets, by number: ffmpeg 5.1 gives the filter times in a wrong unit. */
export const withoutFirstPackets = (packets: number): string => `noise=drop=lt(n\\,${packets})`;

type Early = { readonly packets: number; readonly others: { readonly firstSeconds: number | undefined } };

type EarlySurvey = { readonly stream: number; readonly early?: Early };

/**
 * Returns the plans, where copied sound that begins in the middle of a frame loses the packets that hold a part of it: a decoder makes
 * nothing of them, and a header of MP4 cannot be made from them.
 */
export const withoutPartialSound = (
  plans: readonly StreamPlan[],
  surveys: readonly EarlySurvey[],
): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs, why } = plan;
    const early = surveys.find((survey) => survey.stream === stream.index)?.early;
    if (!early || !stream.audio?.partialPackets || codecArgs?.[0] !== 'copy') return plan;
    return { ...plan, withoutFirst: early.packets, why: `${why}, except ${partsText(early.packets)}` };
  });

const partsText = (packets: number): string =>
  packets === 1 ? 'the part of a frame with which it begins' : `the ${packets} parts of frames with which it begins`;

/** Returns the sentence about each sound of a source that begins in the middle of a frame. */
export const partialSoundTold = (streams: readonly Stream[]): readonly string[] =>
  streams.flatMap(({ index, audio }) =>
    audio?.partialPackets
      ? [
          `the sound of stream ${index} begins in the middle of a frame: ${partsText(audio.partialPackets)} cannot be played, and the rest is whole`,
        ]
      : [],
  );

/** What is heard of the hidden packets that stay, since decoders need them. */
function heard({ others: { firstSeconds = 0 } }: Early): string {
  return firstSeconds < 0
    ? `; the last ones before it stay, and are heard for ${(-1000 * firstSeconds).toFixed(0)} ms before the first picture`
    : '';
}

/**
 * Returns the plans for Matroska, which has no time before 0 and hides nothing: copied sound loses the packets that its edit
 * list hides, as trimming by stream copy leaves them. Throws `usage` for a second picture with hidden packets, since it does
 * not decode without them.
 */
export const withoutEarlySound = (
  plans: readonly StreamPlan[],
  mainStream: number,
  surveys: readonly EarlySurvey[],
): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs, why } = plan;
    const early = surveys.find((survey) => survey.stream === stream.index)?.early;
    if (!early || stream.audio?.partialPackets || stream.index === mainStream || codecArgs?.[0] !== 'copy') return plan;
    if (stream.type === 'video')
      throw usage(
        `stream ${stream.index} needs pictures from before the beginning, and Matroska cannot hide them; use container=mp4`,
      );
    if (stream.type !== 'audio') return plan;
    return {
      ...plan,
      withoutFirst: early.packets,
      why: `${why}, except ${early.packets} from before the beginning${heard(early)}`,
    };
  });
