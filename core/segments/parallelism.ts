/**
 * How many segments to encode at once. x265 with three frame threads keeps about one core busy for each 200 lines of
 * picture height; more encoders than that only wait for each other (docs/benchmarks.md, "segments at once").
 */
export function segmentsAtOnce(cores: number, height: number): number {
  const coresOfOne = Math.max(1, height / 200);
  return Math.max(1, Math.floor(cores / coresOfOne));
}
