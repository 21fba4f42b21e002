/** Keyframes so many frames apart, counted from each segment's first: all renditions cut alike have them at the same frames. */
export const keyframeEvery = (seconds: number, framesPerSecond: number): number =>
  Math.max(1, Math.round(seconds * framesPerSecond));
