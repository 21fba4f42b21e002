import type { ChapterTime } from '../description/matroska-chapters.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { Evidence } from './evidence.ts';
import { outputStartOfPicture } from './planned-pairs.ts';

/** Half a tick of 1 ms for the chapter, half a one for the picture, from which it is counted, and half a one for other rounding. */
const MOST_SHIFT_SECONDS = 0.0015;
/** A track of chapters has the length of each instead of its end, which is half a tick more. */
const MOST_SHIFT_OF_END = 0.002;

/** Returns the checks of when chapters begin and end; none where their list was not written anew. */
export function chapterTimes({ chapters, output, seconds }: Evidence): readonly Check[] {
  if (!chapters) return [];
  const late = output.probe.startSeconds + outputStartOfPicture(output) - (seconds.at(0) ?? 0);
  const [wanted, found] = [inOrder(chapters.wanted), inOrder(chapters.found)];
  const isNear = (a: number, b: number | undefined, most = MOST_SHIFT_SECONDS) =>
    b !== undefined && Math.abs(a - b) <= most;
  // what begins with the film begins with the file, though a film is shown later by the delay of its sound
  const isFirst = (at: number) => at <= Math.max(0, seconds.at(0) ?? 0) + MOST_SHIFT_SECONDS;
  const begins = wanted.findIndex(
    ({ from }, i) => !isNear(from + late, found[i]?.from) && !(isFirst(from) && isNear(0, found[i]?.from)),
  );
  const ends = wanted.findIndex(({ to }, i) => {
    const end = found[i]?.to;
    return to !== undefined && end !== undefined && !isNear(to + late, end, MOST_SHIFT_OF_END);
  });
  const passed = begins < 0 && found.length === wanted.length;
  const count = `${found.length} of ${wanted.length} chapters`;
  const told = (at: number, which: keyof ChapterTime) =>
    at < 0
      ? 'each at its time'
      : `one is at ${found[at]?.[which]?.toFixed(3) ?? 'no'} s, not at ${wanted[at]?.[which]?.toFixed(3)} s`;
  return [
    check('chapters begin at their times', passed, `${count}, ${told(begins, 'from')}`),
    check('chapters end at their times', ends < 0, `${count}, ${told(ends, 'to')}`),
  ];
}

const inOrder = (times: readonly ChapterTime[]): readonly ChapterTime[] =>
  [...times].sort((a, b) => a.from - b.from || (a.to ?? a.from) - (b.to ?? b.from));
