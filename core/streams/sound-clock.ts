import type { Stream } from '../film/probe.ts';

/**
 * A piece of sound that begins this much after the end of the one before leaves a gap. Eyes and ears notice no smaller difference
 * (ITU-R BT.1359: sound is noticed from 45 ms early on), and the times of many files waver by up to the length of a packet.
 */
export const SHORTEST_GAP_SECONDS = 0.04;

/** What a sound's times say besides its samples. */
export type OffTimes = {
  /** The sum of the times for which there are no samples. */
  readonly gapSeconds: number;
  /** The sum of the samples for which there is no time. */
  readonly overlapSeconds: number;
  /** How much the samples are off their times at most, where that is no gap and no overlap. */
  readonly waverSeconds: number;
};

/**
 * Compares the times of a sound with the time that its samples take, from its beginning on. A clock of its own, which is a little
 * faster or slower than that of the picture, shows as many short gaps or overlaps.
 */
export function soundClock() {
  let due: number | undefined;
  let [gapSeconds, overlapSeconds, waverSeconds] = [0, 0, 0];
  return {
    /** Adds a piece, by when it begins and how long its samples take. Returns how much later than due it begins, in seconds. */
    add(seconds: number, length: number): number {
      const late = due === undefined ? 0 : seconds - due;
      const isOff = Math.abs(late) > SHORTEST_GAP_SECONDS;
      if (isOff && late > 0) gapSeconds += late;
      if (isOff && late < 0) overlapSeconds -= late;
      if (!isOff) waverSeconds = Math.max(waverSeconds, Math.abs(late));
      due = (due === undefined || isOff ? seconds : due) + length;
      return late;
    },
    found: (): OffTimes => ({ gapSeconds, overlapSeconds, waverSeconds }),
  };
}

/** Returns how many bytes a second of PCM takes; undefined of other sound, and of PCM whose packets hold more than samples. */
export function pcmBytesASecond({ codec, audio }: Pick<Stream, 'codec' | 'audio'>): number | undefined {
  const bits = /^pcm_(?:alaw|mulaw)$/.test(codec) ? 8 : Number(/^pcm_[suf](\d+)(?:le|be)?$/.exec(codec)?.[1]);
  if (!audio?.sampleRate || !audio.channels || !(bits > 0)) return undefined;
  return (audio.sampleRate * audio.channels * bits) / 8;
}
