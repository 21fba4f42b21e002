import type { Acts, Finding, Spending } from '../ports/auditor.ts';
import type { RecipeFigures } from './recipe-figures.ts';
import { type WalkedShare, walkDetails, walkSummary } from './walked-share.ts';

/** A section of the report: what was read for it, or why it could not be read. */
export type ReportSection<T> = { readonly read: readonly T[] } | { readonly problem: string };

export type StackReport = {
  readonly month: string;
  readonly stage: string;
  readonly findings: ReportSection<Finding>;
  readonly acts: ReportSection<Acts>;
  readonly spending: ReportSection<Spending>;
  readonly jobs: ReportSection<RecipeFigures>;
  /** One walk; absent where the stage does not verify its archive (verifyMonths). */
  readonly archive?: ReportSection<WalkedShare>;
};

/** Returns the report in one sentence, which begins with what is not as it should be. */
export function reportSummary({ month, stage, findings, spending, jobs, archive }: StackReport): string {
  const sections = { findings, spending, jobs, ...(archive && { archive }) };
  const unread = Object.entries(sections).filter(([, section]) => 'problem' in section);
  const wrong = 'read' in findings ? findings.read.filter(({ isSo }) => !isSo) : [];
  const parts = [
    wrong.length > 0 && `not as it should be: ${wrong.map(({ where, what }) => `${where}: ${what}`).join('; ')}`,
    wrong.length === 0 && 'read' in findings && 'everything is as it should be',
    ...walksOf(archive).map(walkSummary),
    unread.length > 0 && `could not be read: ${unread.map(([name]) => name).join(', ')}`,
    'read' in spending && `spent $${sum(spending.read.map(({ usd }) => usd)).toFixed(2)}`,
    'read' in jobs && `${sum(jobs.read.map(({ done }) => done))} jobs done, ${sum(jobs.read.map(failures))} failed`,
  ];
  return `Reelmill ${stage}, ${month}: ${parts.filter(Boolean).join('; ')}`;
}

/** Returns the details of the report that a notice shows, one line each. */
export function reportDetails({ spending, jobs, archive }: StackReport): Readonly<Record<string, string>> {
  const perRecipe =
    'read' in spending ? spending.read.map(({ recipe, usd }) => [`$ ${recipe ?? 'no recipe'}`, usd.toFixed(2)]) : [];
  const smaller = 'read' in jobs ? jobs.read.filter((each) => each.smaller) : [];
  const proposals = smaller.map(({ recipe, smaller: size }) => [
    `${recipe} needs no more than`,
    `${size?.vcpu} vCPU and ${size?.memoryMiB} MiB`,
  ]);
  return Object.fromEntries([...perRecipe, ...proposals, ...walksOf(archive).flatMap(walkDetails)]);
}

const walksOf = (archive: StackReport['archive']) => (archive && 'read' in archive ? archive.read : []);

const failures = ({ failed }: RecipeFigures) => sum(Object.values(failed));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
