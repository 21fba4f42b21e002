import type { Cue } from './srt.ts';

/** Returns a WebVTT file of these cues, which are in order of their times. Their texts may have the marks of WebVTT. */
export const webVtt = (cues: readonly Cue[]): string =>
  [
    'WEBVTT',
    ...cues.map(({ startSeconds, endSeconds, text }) => `${time(startSeconds)} --> ${time(endSeconds)}\n${safe(text)}`),
    '',
  ].join('\n\n');

/** An arrow would begin another cue (WebVTT 4.1). */
const safe = (text: string) => text.replaceAll('-->', '--&gt;');

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
