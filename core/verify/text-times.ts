import { checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { shownTogether, type TextTime, textsInOrder } from '../streams/text-times.ts';
import type { Evidence } from './evidence.ts';
import { outputStartOfPicture, type PlannedPair, pairs } from './planned-pairs.ts';

/** Half a tick of Matroska's 1 ms for the text, half a one for the picture, from which it is counted, and half a one for other rounding. */
const MOST_SHIFT_SECONDS = 0.0015;
/** The length of a text is rounded once more. */
const MOST_END_SHIFT_SECONDS = 0.002;

/** Returns the checks of when subtitles are shown, of those inside the source and of files beside it. */
export function textTimes(evidence: Evidence): readonly Check[] {
  const { output, seconds } = evidence;
  const late = outputStartOfPicture(output) - (seconds.at(0) ?? 0);
  return pairs(evidence).flatMap((pair) => {
    const { stream, is, made } = pair;
    const wanted = wantedTimes(pair, evidence);
    if (!wanted || !made) return [];
    const inOrder = textsInOrder(wanted);
    const planned = made.codec === 'mov_text' ? (shownTogether(inOrder) ?? inOrder) : inOrder;
    const found = textsInOrder(is?.textTimes ?? []).map(({ begins, ends }) => ({
      begins: begins - late,
      ends: ends - late,
    }));
    const { missing, wrong } = compared(planned, found);
    const passed = wrong === undefined && missing === 0;
    const told = wrong
      ? `one from ${wrong.begins.toFixed(3)} to ${wrong.ends.toFixed(3)} s is not planned`
      : 'each at its time';
    const detail = `${stream.codec}: ${planned.length - missing} of ${planned.length} texts, ${told}`;
    return [checkOfStream('subtitles of stream N are at their times', stream.index, passed, detail)];
  });
}

function wantedTimes({ stream, inside }: PlannedPair, { source }: Evidence) {
  if (inside) return inside.times;
  return source.streams.find((each) => each.stream === stream.index)?.textTimes;
}

/** Returns how many texts are missing among those that were found, and the first that is none of those planned. */
function compared(planned: readonly TextTime[], found: readonly TextTime[]) {
  let [next, missing] = [0, 0];
  for (const text of found) {
    const before = next;
    while (next < planned.length && !isSame(planned[next], text)) next++;
    if (next === planned.length) return { missing: missing + next - before, wrong: text };
    missing += next++ - before;
  }
  return { missing: missing + planned.length - next, wrong: undefined };
}

function isSame(planned: TextTime | undefined, found: TextTime): boolean {
  if (!planned || Math.abs(planned.begins - found.begins) > MOST_SHIFT_SECONDS) return false;
  return !(Math.abs(planned.ends - found.ends) > MOST_END_SHIFT_SECONDS);
}
