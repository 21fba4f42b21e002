import { TEXT_TICKS } from '../bytes/text-movie.ts';

/** When the texts of a stream are shown: each has its begin and its end, in seconds from the file's start. An end that is not stated is NaN. */
export type TextTimes = readonly number[];

export type TextTime = { readonly begins: number; readonly ends: number };

/** Returns the texts in the order of the file. */
export function textsInFile(times: TextTimes): readonly TextTime[] {
  const texts: TextTime[] = [];
  for (let i = 0; i < times.length; i += 2) texts.push({ begins: times[i] ?? 0, ends: times[i + 1] ?? Number.NaN });
  return texts;
}

/** Returns the texts in the order in which they begin. */
export const textsInOrder = (times: TextTimes): readonly TextTime[] =>
  textsInFile(times).toSorted((a, b) => a.begins - b.begins);

/** A time in which the same texts are shown, in the order in which they begin. */
type SharedTime<Text> = TextTime & { readonly texts: readonly Text[] };

/** How long a last text is shown of which no end is stated. */
const LAST_SECONDS = 5;

/** More texts, each counted in every time in which it is shown, are of no real film. */
const MOST_SHOWN = 1_000_000;

/**
 * Returns the texts as a track of MP4 shows them, which holds one at a time: those that are shown at the same time share one. A text without a stated
 * end lasts to the next one. Undefined where so many are shown at the same time that nobody reads them.
 */
export function shownTogether<Text extends TextTime>(all: readonly Text[]): readonly SharedTime<Text>[] | undefined {
  const texts = withEnds(all);
  const borders = [...new Set(texts.flatMap(({ begin, end }) => [begin, end]))].sort((a, b) => a - b);
  const found: SharedTime<Text>[] = [];
  let open: typeof texts = [];
  let [next, shown] = [0, 0];
  for (const [i, border] of borders.entries()) {
    open = open.filter(({ end }) => end > border);
    for (let text = texts[next]; text && text.begin <= border; text = texts[++next])
      if (text.end > border) open.push(text);
    const until = borders[i + 1];
    if (until === undefined || open.length === 0) continue;
    shown += open.length;
    if (shown > MOST_SHOWN) return undefined;
    const together = open.map(({ text }) => text);
    found.push({ begins: border / TEXT_TICKS, ends: until / TEXT_TICKS, texts: together });
  }
  return found;
}

/** Returns the texts in order, with their times in ticks of a track of MP4. */
function withEnds<Text extends TextTime>(all: readonly Text[]) {
  const texts = all.toSorted((a, b) => a.begins - b.begins);
  const ticksOf = (seconds: number) => Math.round(seconds * TEXT_TICKS);
  let [later, at] = [Number.NaN, Number.NaN];
  return texts
    .toReversed()
    .map((text) => {
      if (text.begins < at) later = at;
      at = text.begins;
      const end = Number.isNaN(text.ends) ? (Number.isNaN(later) ? text.begins + LAST_SECONDS : later) : text.ends;
      const begin = ticksOf(text.begins);
      return { text, begin, end: Math.max(begin + 1, ticksOf(end)) }; // the shortest text lasts a tick
    })
    .reverse();
}

/** Returns the end of a sentence that says which texts share one in a track of MP4; empty where there are none. */
export function sharedInMp4(texts: readonly TextTime[]): string {
  const shared = new Set((shownTogether(texts) ?? []).flatMap((each) => (each.texts.length > 1 ? each.texts : [])));
  if (shared.size === 0) return '';
  return `; MP4 shows one text at a time: ${shared.size} of its ${texts.length} are shown together with others, as lines of one text`;
}
