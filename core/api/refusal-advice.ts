import { FAILURES, type FailureCode } from '../errors.ts';

/** What to do where the reason itself does not say it. The table of failures speaks of files that are worked on. */
const OF_REQUESTS: Partial<Record<FailureCode, string>> = {
  'bad-input': 'Choose another file, or correct what was asked for.',
  'no-input': 'Look at the list of what there is: it may have been removed.',
};

/** Quoted values, in which there may be anything. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** What to do about a refused request: the last part of its reason, which says what would be right, or else its code's advice. */
export function refusalAdvice(code: FailureCode, reason: string): string {
  const at = reason.replace(QUOTED, (quoted) => '_'.repeat(quoted.length)).lastIndexOf('; ');
  if (at < 0) return OF_REQUESTS[code] ?? FAILURES[code].advice;
  const own = reason.slice(at + 2);
  return `${own.charAt(0).toUpperCase()}${own.slice(1)}.`;
}
