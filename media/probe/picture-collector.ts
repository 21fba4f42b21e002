import { isMatroska, type Probe } from '../../core/film/probe.ts';
import type { PicturePackets } from '../../core/film/promised.ts';
import type { StreamSurvey } from '../../core/ports/film-reader.ts';
import { type Rational, toNumber } from '../../core/units.ts';

type PicturePacket = {
  readonly pts?: number | undefined;
  readonly dts?: number | undefined;
  readonly duration?: number | undefined;
  readonly size: number;
  readonly pos?: number | undefined;
};

/** The bytes between two blocks of Matroska are fewer than this, the header of a cluster included. */
const MOST_BETWEEN_BLOCKS = 256;
/** Index, tags and chapters behind the last block take at most this share of a file. */
const MOST_BEHIND = 0.02;

/**
 * Collects how much of the picture is there, from all packets of a file in order. Matroska's demuxer skips what it cannot
 * read, so there a gap in the picture's times counts as unreadable if bytes of no packet lie between its packets.
 */
export function pictureCollector(timeBase: Rational, { format, bytes, durationSeconds, startSeconds }: Probe) {
  const tick = toNumber(timeBase);
  const holes = holeCollector();
  let [packets, covered] = [0, 0];
  let [first, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    add({ pts, dts, duration, size, pos }: PicturePacket, isPicture: boolean) {
      if (pos !== undefined) holes.packet(pos, size);
      if (!isPicture) return;
      packets++;
      const [begins, lasts] = [(pts ?? dts ?? 0) * tick, (duration ?? 0) * tick];
      holes.picture(begins, lasts);
      covered += lasts;
      first = Math.min(first, begins);
      end = Math.max(end, begins + lasts);
    },
    /** Returns the result. `hasErrors` says whether the demuxer logged an error. */
    found(surveys: readonly Pick<StreamSurvey, 'endSeconds'>[], hasErrors: boolean): PicturePackets {
      const last = Math.max(0, ...surveys.map(({ endSeconds = 0 }) => endSeconds));
      const isCut = isMatroska({ format }) && (hasErrors || bytes - (holes.reached() ?? bytes) > bytes * MOST_BEHIND);
      const behind = isCut && durationSeconds !== undefined ? durationSeconds - Math.max(0, startSeconds) - last : 0;
      const within = hasErrors ? holes.seconds() : 0;
      const spanSeconds = Math.max(0, end - first);
      return {
        packets,
        coveredSeconds: covered,
        spanSeconds,
        unreadableSeconds: within + Math.max(0, behind),
        hasErrors,
      };
    },
  };
}

/** Bytes between two pictures that belong to no packet, and the time that lies between these pictures. */
type Hole = { readonly from: number; bytes: number; to: number; readonly end: number; begins: number; lasts: number };

/** How many holes are kept open at a time: packets do not come in the order of their bytes, so that a later one may still lie in a hole. */
const HOLES_OPEN = 64;

function holeCollector() {
  const open: Hole[] = [];
  let closedSeconds = 0;
  let [end, reached]: [number | undefined, number | undefined] = [undefined, undefined];
  let pending: { from: number; to: number; bytes: number } | undefined;
  const close = (hole: Hole) => {
    if (hole.bytes > MOST_BETWEEN_BLOCKS) closedSeconds += Math.max(0, hole.begins - hole.end - hole.lasts / 2);
  };
  const fill = (pos: number, size: number) => {
    const around = [pending, ...open].find((hole) => hole && pos >= hole.from && pos < hole.to);
    if (around) around.bytes -= size;
  };
  return {
    packet(pos: number, size: number) {
      if (reached !== undefined && pos < reached) fill(pos, size);
      else if (reached !== undefined && pos - reached > MOST_BETWEEN_BLOCKS)
        pending = { from: pending?.from ?? reached, to: pos, bytes: (pending?.bytes ?? 0) + pos - reached };
      reached = Math.max(reached ?? 0, pos + size);
    },
    picture(begins: number, lasts: number) {
      for (const hole of open) hole.begins = Math.min(hole.begins, begins);
      if (pending && end !== undefined) open.push({ ...pending, end, begins, lasts });
      pending = undefined;
      const oldest = open.at(0);
      if (open.length > HOLES_OPEN && oldest) {
        close(oldest);
        open.shift();
      }
      end = Math.max(end ?? begins, begins + lasts);
    },
    reached: () => reached,
    /** How long all holes last together; to be asked once, behind the last packet. */
    seconds() {
      for (const hole of open.splice(0)) close(hole);
      return closedSeconds;
    },
  };
}
