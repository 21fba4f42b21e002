/** When the texts of a stream are shown: each has its begin and its end, in seconds from the file's start. An end that is not stated is NaN. */
export type TextTimes = readonly number[];

export type TextTime = { readonly begins: number; readonly ends: number };

/** Returns the texts in the order in which they begin. */
export function textsInOrder(times: TextTimes): readonly TextTime[] {
  const texts: TextTime[] = [];
  for (let i = 0; i < times.length; i += 2) texts.push({ begins: times[i] ?? 0, ends: times[i + 1] ?? Number.NaN });
  return texts.sort((a, b) => a.begins - b.begins);
}

/** Returns the texts as a track of MP4 shows them, which holds one at a time: each ends at the latest where the next one begins. */
export const oneAtATime = (texts: readonly TextTime[]): readonly TextTime[] =>
  texts.map((text, i) => {
    const next = texts[i + 1]?.begins ?? Number.POSITIVE_INFINITY;
    return text.ends > next ? { ...text, ends: next } : text;
  });

/** Returns the end of a sentence that says which texts a track of MP4 does not show as long as they are; empty where there are none. */
export function shortenedInMp4(times: TextTimes): string {
  const texts = textsInOrder(times);
  const shown = oneAtATime(texts);
  const [hidden, shorter] = [
    shown.filter(({ begins, ends }) => begins === ends).length,
    shown.filter(({ ends }, i) => ends < (texts[i]?.ends ?? 0)).length,
  ];
  if (shorter === 0) return '';
  return `; MP4 shows one text at a time: ${shorter} of its ${texts.length} end where the next one begins${hidden > 0 ? `, ${hidden} of them at once` : ''}`;
}
