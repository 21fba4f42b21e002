import type { TrackText } from '../bytes/text-movie.ts';

/** A part of a track that an edit list shows, in seconds: `from` is where in the track it begins; without it, nothing is shown. */
export type ShownPart = { readonly from: number | undefined; readonly lasts: number };

/** More than a film of a day has, at ten a second. */
const MOST_TEXTS = 1_000_000;

/**
 * Returns the texts of a track as its edit list shows them (ISO/IEC 14496-12 8.6.6), each in the part of its time that is shown. `startSeconds` is
 * the beginning of the film, from which they are counted, and before which there is none. Undefined where there are too many to be real.
 */
export function editedTexts<Text extends Pick<TrackText, 'from' | 'to'>>(
  texts: readonly Text[],
  parts: readonly ShownPart[],
  startSeconds: number,
): readonly Text[] | undefined {
  if (texts.length * parts.length > MOST_TEXTS) return undefined;
  const shown: Text[] = [];
  let at = 0 - startSeconds;
  for (const { from, lasts } of parts) {
    if (from !== undefined)
      for (const text of texts) {
        const begin = Math.max(0, at + Math.max(0, text.from - from));
        const end = at + Math.min(lasts, text.to - from);
        if (begin < end) shown.push({ ...text, from: begin, to: end });
      }
    at += lasts;
  }
  return shown;
}
