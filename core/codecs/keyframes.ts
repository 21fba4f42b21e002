/**
 * Returns the distance of keyframes in frames, at least 1. Keyframes are counted from the first frame of each segment, so
 * that renditions with the same segments have them at the same frames.
 */
export const keyframeEvery = (seconds: number, framesPerSecond: number): number =>
  Math.max(1, Math.round(seconds * framesPerSecond));
