import { firstTicks } from '../../core/streams/film-span.ts';
import { toNumber } from '../../core/units.ts';
import type { FrameTimesReader } from '../../core/verify/evidence.ts';
import { endOfSource } from '../../core/verify/film-end.ts';
import type { Draft } from '../encode/work.ts';
import { delayOf, tickSecondsOf } from './join-rendition.ts';

/** When the rendition's first frame is shown, in seconds of the source. */
export const firstSeconds = (draft: Draft) => (ticksOf(draft).at(0) ?? 0) * draft.source.tickSeconds;

/** When the source has ended, in seconds of the rendition. Only an animation itself says how long its last picture is shown. */
export function endsBy(draft: Draft): number | undefined {
  const { probe, streams, main, cut, tickSeconds, lastSeconds } = draft.source;
  const { timeFactor } = draft.spec;
  const end =
    lastSeconds === undefined
      ? endOfSource({ probe, streams, picture: main.index })
      : (cut.times.at(-1) ?? 0) * tickSeconds + lastSeconds;
  return end === undefined ? undefined : end * (timeFactor ? toNumber(timeFactor) : 1) + delayOf(draft);
}

/** When each frame is to be shown in the rendition. */
export function secondsOf(draft: Draft): FrameTimesReader {
  const { source, spec } = draft;
  const [times, tick, delay] = [ticksOf(draft), tickSecondsOf(source, spec.timeFactor), delayOf(draft)];
  return { length: times.length, at: (frame) => (times.at(frame) ?? Number.NaN) * tick + delay };
}

/**
 * Returns the times of the frames in ticks of the source. The first picture of a streamed film may be shown earlier than in
 * the source.
 */
export function ticksOf({ source: { cut, tickSeconds }, film }: Draft): FrameTimesReader {
  const { times } = cut;
  const first = firstTicks(times.at(0) ?? Number.NaN, film, tickSeconds);
  const isFirst = (frame: number) => frame === 0 || frame === -times.length;
  return { length: times.length, at: (frame) => (isFirst(frame) ? first : times.at(frame)) };
}
