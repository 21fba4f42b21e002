import { mayJump } from '../../core/film/film-length.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import type { ClockJump } from '../../core/streams/clock-jumps.ts';
import { toNumber } from '../../core/units.ts';

/** ffmpeg takes a clock that goes ahead by more than this for that of another recording (`-dts_delta_threshold`). */
const AHEAD_SECONDS = 10;
/** It takes a clock that goes back by more than this for another one. */
const BACK_SECONDS = 0.1;

type Timed = {
  readonly pts?: number | undefined;
  readonly dts?: number | undefined;
  readonly duration?: number | undefined;
};

/**
 * Follows the clock of each stream as ffmpeg does when it uses that stream alone: where the clock of a transport stream, a program
 * stream or Ogg jumps, another recording begins, whose times go on where the ones before ended. Streams are followed one by one,
 * since the last packets of a recording may stand behind the first ones of the next. Packets are given in the order of the file.
 */
export function fileClock({ format }: Pick<Probe, 'format'>) {
  const isJumping = mayJump({ format });
  const streams = new Map<number, { dts: number; next: number; shift: number }>();
  const jumps: ClockJump[] = [];
  let latest = 0;
  return {
    /** Returns what is added to the times of this packet and those of its stream behind it, in seconds. Texts and data go with the last jump. */
    shiftFor(
      { index, type, timeBase }: Pick<Stream, 'index' | 'type' | 'timeBase'>,
      { pts, dts, duration }: Timed,
    ): number {
      const ticks = dts ?? pts;
      if (!isJumping || ticks === undefined || (type !== 'video' && type !== 'audio')) return latest;
      const tick = toNumber(timeBase);
      const last = streams.get(index);
      let shift = last?.shift ?? 0;
      const ahead = last ? ticks * tick + shift - last.next : 0;
      if (last && (ahead > AHEAD_SECONDS || ticks * tick + shift + BACK_SECONDS < last.dts)) {
        shift -= ahead;
        latest = shift;
        jumps.push({ stream: index, toSeconds: last.next, bySeconds: ahead });
      }
      const now = ticks * tick + shift;
      streams.set(index, { dts: now, next: now + (duration ?? 0) * tick, shift });
      return shift;
    },
    jumps: (): readonly ClockJump[] => jumps,
  };
}
