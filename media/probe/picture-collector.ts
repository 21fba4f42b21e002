import { isMatroska, type Probe } from '../../core/film/probe.ts';
import type { PicturePackets } from '../../core/film/promised.ts';
import type { StreamSurvey } from '../../core/ports/media.ts';
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
 * read, so there a gap in the picture's times counts as unreadable if unread bytes lie between the packets.
 */
export function pictureCollector(timeBase: Rational, { format, bytes, durationSeconds, startSeconds }: Probe) {
  const tick = toNumber(timeBase);
  let [packets, covered, unreadable] = [0, 0, 0];
  let [end, reached, isBehindHole]: [number | undefined, number | undefined, boolean] = [undefined, undefined, false];
  return {
    add({ pts, dts, duration, size, pos }: PicturePacket, isPicture: boolean) {
      if (pos !== undefined && reached !== undefined) isBehindHole ||= pos - reached > MOST_BETWEEN_BLOCKS;
      if (pos !== undefined) reached = Math.max(reached ?? 0, pos + size);
      if (!isPicture) return;
      packets++;
      const [begins, lasts] = [(pts ?? dts ?? 0) * tick, (duration ?? 0) * tick];
      if (isBehindHole && end !== undefined) unreadable += Math.max(0, begins - end - lasts / 2);
      isBehindHole = false;
      covered += lasts;
      end = Math.max(end ?? begins, begins + lasts);
    },
    /** Returns the result. `hasErrors` says whether the demuxer logged an error. */
    found(surveys: readonly Pick<StreamSurvey, 'endSeconds'>[], hasErrors: boolean): PicturePackets {
      const last = Math.max(0, ...surveys.map(({ endSeconds = 0 }) => endSeconds));
      const isCut = isMatroska({ format }) && (hasErrors || bytes - (reached ?? bytes) > bytes * MOST_BEHIND);
      const behind = isCut && durationSeconds !== undefined ? durationSeconds - Math.max(0, startSeconds) - last : 0;
      return { packets, coveredSeconds: covered, unreadableSeconds: unreadable + Math.max(0, behind) };
    },
  };
}
