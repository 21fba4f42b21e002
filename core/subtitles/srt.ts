import type { Cue } from '../streams/cue.ts';

/**
 * When a picture appears and disappears, in seconds from the file's start. `endSeconds` is undefined where the stream
 * does not say it.
 */
export type DisplayTime = { readonly startSeconds: number; readonly endSeconds: number | undefined };

/** An event of a stream of bitmap subtitles. A blank one removes the last picture and shows none. */
export type SubtitleEvent = DisplayTime & { readonly isBlank: boolean };

/** How long the last picture is shown if nothing ends it. */
const LAST_SECONDS = 5;

/**
 * The display time of every picture: until its own end, and no longer than until the next event or the end of the film.
 */
export function displayTimes(
  events: readonly SubtitleEvent[],
  filmSeconds = Number.POSITIVE_INFINITY,
): readonly (DisplayTime & { readonly endSeconds: number })[] {
  return events.flatMap(({ isBlank, startSeconds, endSeconds = Number.POSITIVE_INFINITY }, i) => {
    if (isBlank) return [];
    const next = events[i + 1]?.startSeconds ?? startSeconds + LAST_SECONDS;
    const end = events[i + 1] || !Number.isFinite(endSeconds) ? Math.min(endSeconds, next) : endSeconds;
    return [{ startSeconds, endSeconds: Math.max(startSeconds, Math.min(end, filmSeconds)) }];
  });
}

/** Pictures with the same words and a shorter gap than this are one cue, because discs fade subtitles in and out. */
const SAME_CUE_GAP_SECONDS = 0.05;

/** The cues without those that have no text; those that say the same one after the other are one. */
export const joinedCues = (cues: readonly Cue[]): readonly Cue[] =>
  cues
    .filter(({ text }) => text !== '')
    .reduce<Cue[]>((all, cue) => {
      const last = all.at(-1);
      const continues =
        last &&
        last.text === cue.text &&
        last.settings === cue.settings &&
        cue.startSeconds - last.endSeconds < SAME_CUE_GAP_SECONDS;
      if (continues) return [...all.slice(0, -1), { ...last, endSeconds: cue.endSeconds }];
      all.push(cue);
      return all;
    }, []);

/** The cues as SubRip text. It has no places. */
export const srt = (cues: readonly Cue[]): string =>
  joinedCues(cues)
    .map(
      ({ startSeconds, endSeconds, text }, i) =>
        `${i + 1}\n${srtTime(startSeconds)} --> ${srtTime(endSeconds)}\n${text}\n`,
    )
    .join('\n');

function srtTime(seconds: number): string {
  const all = Math.max(0, Math.round(seconds * 1000));
  const [h, m, s] = [Math.floor(all / 3_600_000), Math.floor(all / 60_000) % 60, Math.floor(all / 1000) % 60];
  const [hours, minutes, whole] = [h, m, s].map((part) => String(part).padStart(2, '0'));
  return `${hours}:${minutes}:${whole},${String(all % 1000).padStart(3, '0')}`;
}
