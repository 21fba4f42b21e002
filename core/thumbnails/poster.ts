/**
 * What was measured of one frame: entropy in bits (0-8), sharpness as sharp gives it (0 and up), mean brightness
 * (0-255).
 */
type FrameLooks = { readonly entropy: number; readonly sharpness: number; readonly brightness: number };

const CANDIDATES = 8;

/**
 * Returns the times, in seconds, of the frames from which the poster is chosen. They are spread over the middle of the
 * film, since films begin and end in black.
 */
export function posterMoments(durationSeconds: number): readonly number[] {
  return Array.from({ length: CANDIDATES }, (_, i) => durationSeconds * (0.1 + (0.8 * i) / (CANDIDATES - 1)));
}

/** Returns a score that is higher for a frame with much detail, in focus, neither dark nor overexposed. */
function posterScore({ entropy, sharpness, brightness }: FrameLooks): number {
  const offMiddle = Math.abs(brightness - 118) / 118;
  return entropy * (1 + Math.log1p(sharpness)) * Math.max(0.05, 1 - offMiddle ** 2);
}

/** Returns the index of the best frame, or of the first of several that are equally good. */
export function bestPoster(looks: readonly FrameLooks[]): number {
  const scores = looks.map(posterScore);
  return Math.max(0, scores.indexOf(Math.max(...scores)));
}
