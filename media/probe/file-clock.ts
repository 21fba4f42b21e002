import { mayJump } from '../../core/film/film-length.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import type { StreamPart } from '../../core/recordings/recordings.ts';
import type { ClockJump } from '../../core/streams/clock-jumps.ts';
import { toNumber } from '../../core/units.ts';

/** A clock that goes ahead by more than this is that of another recording, or of a stream that pauses. */
const AHEAD_SECONDS = 10;
/** ffmpeg takes a clock that goes back by more than this for that of another recording, and lets its times go on. */
const BACK_SECONDS = 0.1;

type Timed = {
  readonly pts?: number | undefined;
  readonly dts?: number | undefined;
  readonly duration?: number | undefined;
  /** Its place in the file, if it was asked for. */
  readonly pos?: number | undefined;
};

/** Where a stream has come to: its last time, the next one, and what is added to both. */
type Reached = { readonly dts: number; readonly next: number; readonly shift: number };

/**
 * Follows the clock of each stream as ffmpeg does when it uses that stream alone: where the clock of a transport stream, a program
 * stream or Ogg goes back, times go on where the ones before ended. Streams are followed one by one, since the last packets of a
 * recording may stand behind the first ones of the next. Packets are given in the order of the file.
 */
export function fileClock({ format }: Pick<Probe, 'format'>) {
  const isJumping = mayJump({ format });
  const streams = new Map<number, Reached>();
  const parts = new Map<number, StreamPart[]>();
  const jumps: ClockJump[] = [];
  let latest = 0;
  return {
    /** Returns what is added to the times of this packet and those of its stream behind it, in seconds. Texts and data get the last shift of a picture or sound. */
    shiftFor({ index, type, timeBase }: Pick<Stream, 'index' | 'type' | 'timeBase'>, packet: Timed): number {
      const { pts, dts, duration = 0 } = packet;
      const ticks = dts ?? pts;
      if (!isJumping || ticks === undefined || (type !== 'video' && type !== 'audio')) return latest;
      const tick = toNumber(timeBase);
      const last = streams.get(index);
      const own = parts.get(index) ?? [];
      if (!last) parts.set(index, own);
      let shift = last?.shift ?? 0;
      const ahead = last ? ticks * tick + shift - last.next : 0;
      const isBack = last !== undefined && ticks * tick + shift + BACK_SECONDS < last.dts;
      if (last && isBack) {
        shift -= ahead;
        latest = shift;
        jumps.push({ stream: index, toSeconds: last.next, bySeconds: ahead });
      }
      if (isBack || ahead > AHEAD_SECONDS) own.push({ ...partFrom(packet, tick), isBack });
      else own.push(withPacket(own.pop(), packet, tick));
      const now = ticks * tick + shift;
      streams.set(index, { dts: now, next: now + duration * tick, shift });
      return shift;
    },
    jumps: (): readonly ClockJump[] => jumps,
    /** Returns what lies between the jumps of each sound and picture, by stream. */
    parts: (): ReadonlyMap<number, readonly StreamPart[]> => parts,
  };
}

function partFrom({ pts, dts, duration = 0, pos }: Timed, tick: number): StreamPart {
  const [decoded, shown] = [(dts ?? pts ?? 0) * tick, (pts ?? dts ?? 0) * tick];
  const lasts = duration * tick;
  return {
    ...{ firstByte: pos, lastByte: pos, firstDts: decoded, endDts: decoded + lasts },
    ...{ firstPts: shown, endPts: shown + lasts, isBack: false },
  };
}

function withPacket(part: StreamPart | undefined, packet: Timed, tick: number): StreamPart {
  const own = partFrom(packet, tick);
  if (!part) return own;
  return {
    firstByte: part.firstByte,
    lastByte: own.lastByte ?? part.lastByte,
    firstDts: part.firstDts,
    endDts: own.endDts,
    firstPts: Math.min(part.firstPts, own.firstPts),
    endPts: Math.max(part.endPts, own.endPts),
    isBack: part.isBack,
  };
}
