import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Evidence } from './evidence.ts';
import { outputStartOfPicture } from './planned-pairs.ts';

/** Half a tick of 1 ms for the chapter, half a one for the picture, from which it is counted, and half a one for other rounding. */
const MOST_SHIFT_SECONDS = 0.0015;

/** Returns the check of when chapters begin; none where their list was not written anew. */
export function chapterTimes({ chapters, output, seconds }: Evidence): readonly Check[] {
  if (!chapters) return [];
  const late = output.probe.startSeconds + outputStartOfPicture(output) - (seconds.at(0) ?? 0);
  const { wanted } = chapters;
  const found = [...chapters.found].sort((a, b) => a - b);
  const isNear = (a: number, b: number | undefined) => b !== undefined && Math.abs(a - b) <= MOST_SHIFT_SECONDS;
  // what begins with the film begins with the file, though a film is shown later by the delay of its sound
  const isFirst = (at: number) => at <= Math.max(0, seconds.at(0) ?? 0) + MOST_SHIFT_SECONDS;
  const wrong = wanted.findIndex((at, i) => !isNear(at + late, found[i]) && !(isFirst(at) && isNear(0, found[i])));
  const passed = wrong < 0 && found.length === wanted.length;
  const told =
    wrong < 0
      ? 'each at its time'
      : `one is at ${found[wrong]?.toFixed(3) ?? 'no'} s, not at ${wanted[wrong]?.toFixed(3)} s`;
  return [check('chapters begin at their times', passed, `${found.length} of ${wanted.length} chapters, ${told}`)];
}
