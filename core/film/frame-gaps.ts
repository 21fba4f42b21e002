/** A gap this much longer than most is a frame that is missing. */
const LATE = 1.5;

/** Whether some frames come late, so that the time between two of them is not half a frame after the first. */
export const isGappy = (times: Float64Array): boolean => {
  const usual = usualGap(times);
  return times.some((time, i) => i > 0 && time - (times[i - 1] ?? 0) > LATE * usual);
};

/** The median of the gaps between frames, in ticks. */
export function usualGap(times: Float64Array): number {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return gaps.sort()[gaps.length >> 1] ?? 0;
}

/** Whether every frame has a time between it and the next for its second field. */
export const hasRoomForFields = (times: Float64Array): boolean =>
  times.length > 1 && times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) >= 1);
