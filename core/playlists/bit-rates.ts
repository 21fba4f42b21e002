import type { StreamSegment } from '../film/fragments.ts';

/** A peak is taken over segments that together last from half the target duration to one and a half (RFC 8216 4.1). */
const [LEAST_PART, MOST_PART] = [0.5, 1.5];

/** Returns the longest segment's length in whole seconds, which players take as the playlist's target. */
export const targetSeconds = (segments: readonly StreamSegment[]): number =>
  Math.max(1, Math.round(segments.reduce((most, { durationSeconds }) => Math.max(most, durationSeconds), 0)));

/** Returns the bits a second of the whole track. */
export function averageBits(segments: readonly StreamSegment[]): number {
  const seconds = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return (8 * bytesOf(segments)) / (seconds || 1);
}

/**
 * Returns the highest bit rate of any neighbouring segments that together last about as long as the target (RFC 8216 4.1).
 * A last segment of a frame or two, a keyframe alone, does not count by itself.
 */
export function peakBits(segments: readonly StreamSegment[]): number {
  const target = targetSeconds(segments);
  let peak = 0;
  for (const [i] of segments.entries()) {
    let [bits, seconds] = [0, 0];
    for (let j = i; j < segments.length; j++) {
      const { start, end, durationSeconds } = segments[j] ?? { start: 0, end: 0, durationSeconds: 0 };
      bits += 8 * (end - start);
      seconds += durationSeconds;
      if (seconds > MOST_PART * target) break;
      if (seconds >= LEAST_PART * target) peak = Math.max(peak, bits / seconds);
    }
  }
  return Math.max(peak, averageBits(segments));
}

const bytesOf = (segments: readonly StreamSegment[]) => segments.reduce((sum, { start, end }) => sum + end - start, 0);
