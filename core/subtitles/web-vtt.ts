import type { Cue } from './srt.ts';

/** Returns a WebVTT file of these cues, which are in order of their times. Their texts may have the marks of WebVTT. */
export const webVtt = (cues: readonly Cue[]): string =>
  [
    'WEBVTT',
    ...cues.map(({ startSeconds, endSeconds, text, settings }) => {
      const place = settings === undefined ? '' : ` ${settings}`;
      return `${time(startSeconds)} --> ${time(endSeconds)}${place}\n${safe(text)}`;
    }),
    '',
  ].join('\n\n');

/**
 * The text with everything escaped that WebVTT would read as a mark of its own and that is none (WebVTT 4.2.2). An arrow
 * would begin another cue. Marks of SubRip that WebVTT does not have are left out.
 */
const safe = (text: string) =>
  text
    .replaceAll('-->', '--&gt;')
    .replace(FOREIGN_MARK, '')
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#x[\da-f]{1,6});)/gi, '&amp;')
    .replace(NO_MARK, '&lt;');

/** A less-than sign that begins neither a mark of WebVTT nor a time within a cue. */
const NO_MARK = /<(?!\/?(?:[ibuc]|ruby|rt|v|lang)(?:[.\s][^<>]*)?>|(?:\d+:)?\d\d:\d\d\.\d{3}>)/gi;

/** Colours and typefaces of SubRip, and places as ASS has them: {\an8}. */
const FOREIGN_MARK = /<\/?font\b[^>]*>|\{\\[^}]*\}/gi;

function time(seconds: number): string {
  const all = Math.max(0, Math.round(seconds * 1000));
  const [hours, minutes, whole] = [
    Math.floor(all / 3_600_000),
    Math.floor(all / 60_000) % 60,
    Math.floor(all / 1000) % 60,
  ];
  const [h, m, s] = [hours, minutes, whole].map((part) => String(part).padStart(2, '0'));
  return `${h}:${m}:${s}.${String(all % 1000).padStart(3, '0')}`;
}
