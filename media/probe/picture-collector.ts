import type { Probe } from '../../core/film/probe.ts';
import type { PicturePackets } from '../../core/film/promised.ts';
import type { StreamSurvey } from '../../core/ports/media.ts';
import { type Rational, toNumber } from '../../core/units.ts';

export const isMatroska = (format: string): boolean => format.startsWith('matroska');

type Packet = {
  readonly pts?: number | undefined;
  readonly dts?: number | undefined;
  readonly duration?: number | undefined;
  readonly size: number;
  readonly pos?: number | undefined;
};

/** What stands between two blocks of Matroska, a cluster's own beginning included, is shorter. */
const MOST_BETWEEN_BLOCKS = 256;
/** An index, tags and chapters behind the last block take no more of a file. */
const MOST_BEHIND = 0.02;

/**
 * How much of the picture is there, over all packets of a file in order. In Matroska, whose demuxer reads on behind what it
 * cannot read, that is told by bytes between two packets that are of neither, where the picture's times leave out something.
 */
export function pictureCollector(timeBase: Rational, { format, bytes, durationSeconds, startSeconds }: Probe) {
  const tick = toNumber(timeBase);
  let [packets, covered, unreadable] = [0, 0, 0];
  let [end, reached, isBehindHole]: [number | undefined, number | undefined, boolean] = [undefined, undefined, false];
  return {
    add({ pts, dts, duration, size, pos }: Packet, isPicture: boolean) {
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
    /** `complained`: the demuxer had something to say. */
    found(surveys: readonly Pick<StreamSurvey, 'endSeconds'>[], complained: boolean): PicturePackets {
      const last = Math.max(0, ...surveys.map(({ endSeconds = 0 }) => endSeconds));
      const isCut = isMatroska(format) && (complained || bytes - (reached ?? bytes) > bytes * MOST_BEHIND);
      const behind = isCut && durationSeconds !== undefined ? durationSeconds - Math.max(0, startSeconds) - last : 0;
      return { packets, coveredSeconds: covered, unreadableSeconds: unreadable + Math.max(0, behind) };
    },
  };
}
