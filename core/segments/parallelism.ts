/**
 * How many segments to encode at once, at least 1. With one frame thread, x265 encodes the rows of a picture in
 * parallel, and uses about one core for each 400 lines of height (docs/benchmarks.md, "segments at once"). `processors` is
 * how many an encoder uses that was told so.
 */
export function segmentsAtOnce(cores: number, height: number, processors?: number): number {
  const coresOfOne = processors ?? Math.max(1, height / 400);
  return Math.max(1, Math.round(cores / coresOfOne));
}
