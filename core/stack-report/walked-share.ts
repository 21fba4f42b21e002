import type { Fixity } from '../archive/fixity.ts';

/** What the monthly walk found in its share of the archive. */
export type WalkedShare = {
  /** In how many months the whole archive is walked. */
  readonly months: number;
  /** False if the time ended before the share did. */
  readonly isWhole: boolean;
  readonly counts: Readonly<Record<Fixity, number>>;
  /** The first files that are missing, changed or unreadable. */
  readonly bad: readonly { readonly key: string; readonly fixity: Fixity }[];
};

const BAD = ['missing', 'changed', 'unreadable'] as const;
const MOST_IN_A_SENTENCE = 3;
const LONGEST_NAME = 200;

/** Returns what a walk found, as a part of a sentence. */
export function walkSummary({ counts, bad, months, isWhole }: WalkedShare): string {
  const files = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const found = BAD.flatMap((fixity) => (counts[fixity] > 0 ? [`${counts[fixity]} ${fixity}`] : []));
  const all = BAD.reduce((sum, fixity) => sum + counts[fixity], 0);
  const first = bad.slice(0, MOST_IN_A_SENTENCE).map(({ key }) => shortened(key));
  const rest = all > first.length ? [`and ${all - first.length} more`] : [];
  const names = all > 0 ? `: ${[...first, ...rest].join(', ')}` : '';
  const unsummed = counts.unsummed > 0 ? `, ${counts.unsummed} without a sum to compare` : '';
  const late = isWhole ? '' : '; the time ended before the share did: raise verifyMonths';
  const share = `of the archive, 1/${months} of it looked at (${files} files by their stored sums, bits not read)`;
  return `${share}: ${found.length > 0 ? `${found.join(', ')}${names}` : 'nothing missing or changed'}${unsummed}${late}`;
}

/** The files that are named, each with what is wrong: for the details of a notice. */
export const walkDetails = ({ bad }: WalkedShare): readonly (readonly [string, string])[] =>
  bad.map(({ key, fixity }) => [shortened(key), fixity]);

/** A key may have 1024 bytes; its end says which film it is. */
const shortened = (key: string) => (key.length <= LONGEST_NAME ? key : `...${key.slice(3 - LONGEST_NAME)}`);
