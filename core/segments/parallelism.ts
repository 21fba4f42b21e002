/**
 * How many segments to encode at once. With one frame thread x265 works on the rows of a picture side by side, and keeps
 * about one core busy for each 400 lines of its height; docs/benchmarks.md, "segments at once", measures it.
 */
export function segmentsAtOnce(cores: number, height: number): number {
  const coresOfOne = Math.max(1, height / 400);
  return Math.max(1, Math.round(cores / coresOfOne));
}
