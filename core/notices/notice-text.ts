import type { Notice } from '../ports/notifier.ts';

const MOST_DETAILS = 10;

/** "failed: clip.mov (preserve)" */
export const noticeTitle = ({ kind, recipe, source }: Notice) => oneLine(`${kind}: ${source} (${recipe})`);

/** The notice as people read it, a line each: what happened, the job, and those details that are plain values. */
export function noticeLines({ summary, job, details }: Notice): readonly string[] {
  const plain = Object.entries(details).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  const lines = plain.slice(0, MOST_DETAILS).map(([name, value]) => `${name}: ${value}`);
  return [summary, `job: ${job}`, ...lines].map(oneLine);
}

/**
 * Text from outside, made harmless for a terminal, a mail's header and a reader's eye: control characters, line ends and
 * signs that turn the reading direction are written as escapes.
 */
export const oneLine = (text: string) =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (sign) =>
    sign === '\n' ? '\\n' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** At most `most` UTF-16 units, cut between characters. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
