import { isInMatroska } from '../settings/delivery.ts';
import { statedColours } from './colour-args.ts';
import type { JoinPlan } from './join-plan.ts';
import { exactTimesFilter } from './join-times.ts';

/**
 * ffmpeg's arguments for the picture of a join, as the output's first stream. From version 6.0 on ffmpeg does not decode a piece to
 * learn its colours, so that those that are not read from packets (ProRes) are said once more.
 */
export function pictureArgs(
  { container, timescale, exactTimes, fragmentSeconds, colour }: JoinPlan,
  { isJoined, pieceTicks }: { readonly isJoined: boolean; readonly pieceTicks: number | undefined },
): readonly string[] {
  const containerTicks = isInMatroska(container) ? 1000 : timescale;
  const ticks = { containerTicks, pieceTicks: pieceTicks ?? containerTicks };
  const isFragmented = fragmentSeconds !== undefined;
  const timed = !isJoined && exactTimes !== undefined;
  return [
    ['-c:v:0', 'copy', ...(colour ? statedColours(colour, ':v:0') : [])],
    timed ? ['-bsf:v:0', exactTimesFilter(exactTimes, { ...ticks, isFragmented })] : [],
  ].flat();
}
