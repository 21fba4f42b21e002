import type { Stream } from '../film/probe.ts';

/**
 * A piece of sound that begins this much after the end of the one before leaves a gap, which is what a sound may be off its place
 * at most. Coarse container clocks cause smaller differences.
 */
export const SHORTEST_GAP_SECONDS = 0.02;

/** What a sound's times say besides its samples. */
export type OffTimes = {
  /** The sum of the times for which there are no samples. */
  readonly gapSeconds: number;
  /** The sum of the samples for which there is no time. */
  readonly overlapSeconds: number;
};

/**
 * Compares the times of a sound with the time that its samples take, from its beginning on. A clock of its own, which is a little
 * faster or slower than that of the picture, shows as many short gaps or overlaps.
 */
export function soundClock() {
  let due: number | undefined;
  let [gapSeconds, overlapSeconds] = [0, 0];
  return {
    /** Adds a piece, by when it begins and how long its samples take. Returns how much later than due it begins, in seconds. */
    add(seconds: number, length: number): number {
      const late = due === undefined ? 0 : seconds - due;
      const isOff = Math.abs(late) > SHORTEST_GAP_SECONDS;
      if (isOff && late > 0) gapSeconds += late;
      if (isOff && late < 0) overlapSeconds -= late;
      due = (due === undefined || isOff ? seconds : due) + length;
      return late;
    },
    found: (): OffTimes => ({ gapSeconds, overlapSeconds }),
  };
}

/** Returns how many bytes a second of PCM takes; undefined of other sound, and of PCM whose packets hold more than samples. */
export function pcmBytesASecond({ codec, audio }: Pick<Stream, 'codec' | 'audio'>): number | undefined {
  const bits = /^pcm_(?:alaw|mulaw)$/.test(codec) ? 8 : Number(/^pcm_[suf](\d+)(?:le|be)?$/.exec(codec)?.[1]);
  if (!audio?.sampleRate || !audio.channels || !(bits > 0)) return undefined;
  return (audio.sampleRate * audio.channels * bits) / 8;
}
