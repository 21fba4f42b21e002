import { editedTexts, type ShownPart } from '../film/edited-texts.ts';
import type { Probe } from '../film/probe.ts';
import type { ReadCaptions } from './read-captions.ts';

/**
 * Returns captions of a track, which count from its first sample, as its edit list shows them, from the beginning of the film to its end. Captions that were sent
 * before an edit are shown from its beginning on.
 */
export function shownCaptions(
  { tracks, ...unread }: ReadCaptions,
  parts: readonly ShownPart[],
  { startSeconds, durationSeconds = Number.POSITIVE_INFINITY }: Pick<Probe, 'startSeconds' | 'durationSeconds'>,
): ReadCaptions {
  const shown = tracks.map(({ channel, cues }) => {
    const texts = cues.map((cue) => ({ ...cue, from: cue.startSeconds, to: cue.endSeconds }));
    const edited = editedTexts(texts, parts, startSeconds) ?? [];
    return {
      channel,
      cues: edited
        .map(({ from, to, ...cue }) => ({ ...cue, startSeconds: from, endSeconds: Math.min(to, durationSeconds) }))
        .filter((cue) => cue.startSeconds < cue.endSeconds),
    };
  });
  return { tracks: shown.filter(({ cues }) => cues.length > 0), ...unread };
}
