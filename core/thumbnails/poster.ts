/** What was measured of one frame: entropy in bits (0-8), sharpness (sharp's, 0 and up), mean brightness (0-255). */
export type FrameLooks = { readonly entropy: number; readonly sharpness: number; readonly brightness: number };

const CANDIDATES = 8;

/** Moments to choose the poster from: spread over the middle, since films begin and end in black. */
export function posterMoments(durationSeconds: number): readonly number[] {
  return Array.from({ length: CANDIDATES }, (_, i) => durationSeconds * (0.1 + (0.8 * i) / (CANDIDATES - 1)));
}

/** Much to see, in focus, neither dark nor blown out: higher is better. */
export function posterScore({ entropy, sharpness, brightness }: FrameLooks): number {
  const offMiddle = Math.abs(brightness - 118) / 118;
  return entropy * (1 + Math.log1p(sharpness)) * Math.max(0.05, 1 - offMiddle ** 2);
}

/** The index of the best; of equals the earliest. */
export function bestPoster(looks: readonly FrameLooks[]): number {
  const scores = looks.map(posterScore);
  return Math.max(0, scores.indexOf(Math.max(...scores)));
}
