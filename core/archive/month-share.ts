import { contentHash } from '../small-file.ts';

/**
 * Whether a manifest is looked at in this month (2026-10), if the archive is walked once in so many months. Its name alone
 * decides, so that nothing has to be remembered: each manifest has its turn once in every `months` months.
 */
export function isOfMonth(manifestKey: string, month: string, months: number): boolean {
  const [year = 0, ofYear = 0] = month.split('-').map(Number);
  const turn = Number.parseInt(contentHash(manifestKey).slice(0, 8), 16);
  return turn % months === (year * 12 + ofYear) % months;
}
