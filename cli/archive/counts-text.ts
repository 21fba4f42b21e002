import type { ArchiveVerdict } from '../../app/archive/verify-archive.ts';
import type { Fixity } from '../../core/archive/fixity.ts';

/** Whether nothing is wrong, and no file was left without an answer. */
export const isSound = ({ verified, counts, faults }: Pick<ArchiveVerdict, 'verified' | 'counts' | 'faults'>) =>
  counts.good + counts.agrees === verified && faults.length === 0;

/** What was found, as "3 good, 1 missing". */
export function countsText(counts: Readonly<Record<Fixity, number>>): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.map(([fixity, count]) => `${count} ${wordOf(fixity)}`).join(', ') || 'nothing';
}

const wordOf = (fixity: string) => Object.entries(WORDS).find(([name]) => name === fixity)?.[1] ?? fixity;

/** The words for people; the others are their own. */
const WORDS: Readonly<Partial<Record<Fixity, string>>> = {
  agrees: 'whose stored sum agrees (their bits were not read)',
  unsummed: 'without a sum to compare (--deep reads them here, --compute has S3 read them)',
};
