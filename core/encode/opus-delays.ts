import { isMovie, type Probe } from '../film/probe.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { plansOfTracks } from './plans-of-tracks.ts';

/** The delay of each track of a Matroska file in Opus, in whole ticks of a millisecond, by the numbers of the tracks. */
export type OpusDelays = ReadonlyMap<number, number>;

/**
 * Returns by how many ticks readers of Matroska subtract from the times of blocks in Opus, because the header states a delay.
 * ffmpeg before 6.0 does not add it when it writes.
 */
export function opusDelays(streams: readonly StreamPlan[], mainStream: number): OpusDelays {
  const delays = plansOfTracks({ plans: streams, mainStream }).map(delayOf);
  return new Map(delays.flatMap((seconds, i) => (seconds ? [[i + 1, Math.round(seconds * 1000)] as const] : [])));
}

function delayOf({ stream: { codec, audio }, codecArgs: [encoder] = [] }: StreamPlan): number | undefined {
  if (encoder === 'libopus') return LIBOPUS_DELAY_SECONDS;
  return encoder === 'copy' && codec === 'opus' ? audio?.delaySeconds : undefined;
}

/** The delay of libopus at 48 kHz, the only rate at which it is used: 312 samples. */
const LIBOPUS_DELAY_SECONDS = 0.0065;

/** When the packets of a stream begin, in seconds from the file's start, and those that are left of it. */
type Surveyed = {
  readonly stream: number;
  readonly firstSeconds: number | undefined;
  readonly early?: { readonly others: { readonly firstSeconds: number | undefined } };
};

/**
 * Whether no stream begins before 0 except by the delay of Opus. ffmpeg moves all streams by what the earliest one begins before
 * 0, since Matroska has no such time. Of sound that is decoded, a movie's edit list takes away what lies before 0.
 */
export const onlyOpusIsEarly = (plans: readonly StreamPlan[], surveys: readonly Surveyed[], probe: Probe): boolean =>
  plans.every(({ stream: { index, audio }, codecArgs: [encoder] = [], withoutFirst }) => {
    const survey = surveys.find(({ stream }) => stream === index);
    if (encoder !== 'copy' && isMovie(probe)) return true;
    const first = withoutFirst === undefined ? survey?.firstSeconds : survey?.early?.others.firstSeconds;
    return (first ?? 0) + (audio?.delaySeconds ?? 0) > -TICK_SECONDS;
  });

const TICK_SECONDS = 0.001;
