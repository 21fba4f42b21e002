import type { Notice } from '../ports/notifier.ts';

const MOST_DETAILS = 10;

/** Returns a title such as "failed: clip.mov (preserve)". */
export const noticeTitle = ({ kind, recipe, source }: Notice) => oneLine(`${kind}: ${source} (${recipe})`);

/** Returns the lines of a notice: what happened, the job, and the first details that are plain values. */
export function noticeLines({ summary, job, details }: Notice): readonly string[] {
  const plain = Object.entries(details).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  const lines = plain.slice(0, MOST_DETAILS).map(([name, value]) => `${name}: ${value}`);
  return [summary, `job: ${job}`, ...lines].map(oneLine);
}

/**
 * Returns text from outside without what could mislead a terminal, a mail header or a reader: control characters, line
 * ends and signs that change the reading direction become escapes.
 */
export const oneLine = (text: string) =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (sign) =>
    sign === '\n' ? '\\n' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Returns text of at most `most` UTF-16 units, cut between characters. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
