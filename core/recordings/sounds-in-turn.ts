import type { Probe } from '../film/probe.ts';
import { clock } from '../format.ts';

type SoundSpan = {
  readonly stream: number;
  readonly firstSeconds: number | undefined;
  readonly endSeconds: number | undefined;
  readonly longestGap?: { readonly fromSeconds: number; readonly seconds: number };
};

/** Sound and picture of a recording end apart by no more than this. */
const APART_SECONDS = 0.5;

/** Says that sound goes on in another stream midway, in the words for transport streams, whose program maps tell it. */
export const inTurnTold = (before: number, after: number, place = ''): string =>
  `its sound goes on in another stream midway: stream ${before} and stream ${after} replace each other${place}, and each is silent where the other sounds`;

/**
 * Returns warnings where sounds of a program stream replace each other. It has no program map, and its demuxer makes another stream of sound in
 * another codec: one that begins where another ends, or that fills a gap of another. `surveys` has the times of the packets, in seconds from the file's start.
 */
export function soundsInTurn(probe: Probe, surveys: readonly SoundSpan[]): readonly string[] {
  if (probe.format !== 'mpeg') return [];
  const sounds = surveys.filter(({ stream }) => {
    const { type, unusable } = probe.streams[stream] ?? {};
    return type === 'audio' && !unusable;
  });

  return sounds.flatMap((before) =>
    sounds.flatMap((after) => {
      const at = changesAt(before, after);
      if (at === undefined) return [];
      return [inTurnTold(before.stream, after.stream, ` at ${clock(Math.max(0, at), 0.1)}`)];
    }),
  );
}

/** Returns when one sound takes the place of another; undefined where it does not. */
function changesAt(before: SoundSpan, after: SoundSpan): number | undefined {
  const [begins, ends] = [before.firstSeconds, before.endSeconds];
  const [first, last] = [after.firstSeconds, after.endSeconds];
  if (begins === undefined || ends === undefined || first === undefined || last === undefined) return undefined;
  if (begins >= first) return undefined;
  const follows = Math.abs(first - ends) <= APART_SECONDS;
  const { fromSeconds, seconds } = before.longestGap ?? { fromSeconds: Number.NaN, seconds: 0 };
  const fillsGap =
    seconds > APART_SECONDS &&
    Math.abs(first - fromSeconds) <= APART_SECONDS &&
    Math.abs(last - fromSeconds - seconds) <= APART_SECONDS;
  return follows || fillsGap ? first : undefined;
}
