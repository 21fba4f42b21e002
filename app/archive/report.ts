import { asServiceError } from '../../core/errors.ts';
import { monthBefore } from '../../core/month.ts';
import type { Auditor } from '../../core/ports/auditor.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';
import { recipeFigures } from '../../core/stack-report/recipe-figures.ts';
import {
  type ReportSection,
  reportDetails,
  reportSummary,
  type StackReport,
} from '../../core/stack-report/stack-report.ts';
import { type TellPorts, tellOnce } from '../do-once.ts';
import { walkArchive } from './walk-archive.ts';

type ReportPorts = TellPorts & {
  readonly stage: string;
  readonly auditor: Auditor;
  readonly jobs: JobStore;
  /** The store of the reports. */
  readonly reports: SmallObjects;
  /** In how many months the archive is walked; 0: it is not. */
  readonly verifyMonths: number;
  /** The published files. */
  readonly archive: Omit<Parameters<typeof walkArchive>[1], 'clock'>;
};

const MOST_JOBS = 10_000;
/** The function may last 15 minutes, and the walk comes last. */
const LONGEST_WALK_MS = 11 * 60_000;

/**
 * Reports on the past month: the stack's state, who changed it, its cost and its results. The report is stored, and
 * people are told once.
 */
export async function report(ports: ReportPorts): Promise<StackReport> {
  const month = monthBefore(ports.clock.now());
  const { auditor, jobs, stage } = ports;
  const inMonth = async () =>
    (await jobs.list(MOST_JOBS)).filter(({ createdMs }) => createdMs >= month.fromMs && createdMs < month.toMs);
  const walk = () => {
    const untilMs = ports.clock.now() + LONGEST_WALK_MS;
    const { verifyMonths: months, archive, clock } = ports;
    return walkArchive({ month: month.name, months, prefix: 'output/', untilMs }, { ...archive, clock });
  };
  const made: StackReport = {
    month: month.name,
    stage,
    findings: await section(() => auditor.findings()),
    acts: await section(() => auditor.acts(month)),
    spending: await section(() => auditor.spending(month)),
    jobs: await section(async () => recipeFigures(await inMonth())),
    ...(ports.verifyMonths > 0 && { archive: await section(async () => [await walk()]) }),
  };
  const key = `reports/${stage}-${month.name}.json`;
  await ports.reports.write(key, `${JSON.stringify(made, undefined, 2)}\n`, 'application/json');
  const notice = {
    kind: 'report',
    job: '',
    recipe: '',
    source: key,
    summary: reportSummary(made),
    details: reportDetails(made),
  } as const;
  await tellOnce(key, notice, ports);
  return made;
}

/** Reads one section; a failure becomes part of the report, so that the other sections are still shown. */
async function section<T>(read: () => Promise<readonly T[]>): Promise<ReportSection<T>> {
  try {
    return { read: await read() };
  } catch (error) {
    return { problem: asServiceError(error).message };
  }
}
