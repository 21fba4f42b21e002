import process from 'node:process';
import {
  BACKFILL_FATES,
  type BackfilledFile,
  type BackfillFate,
  type BackfillTally,
  filesLookedAt,
} from '../../app/intake/backfill.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import type { PastBill } from '../../core/plan/bill-by-past-jobs.ts';
import { peopleAt } from '../../runtime/people.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { printable } from '../terminal/printable.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { say } from '../terminal/say.ts';

type Telling = {
  readonly stage: string;
  readonly to: string;
  readonly isDryRun: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

/** What a program is told of at least so many milliseconds apart. */
const TOLD_MS = 1_000;

const WORDS: Readonly<Record<BackfillFate, string>> = {
  new: 'without a job',
  known: 'with a job already',
  other: 'no film by its name',
  archived: 'in an archive class',
  refused: 'refused',
};

/** Tells how a backfill goes: to people on stderr, and with `json` to programs on stdout. */
export function backfillTeller({ stage, to, isDryRun, json, quiet }: Telling) {
  const line = progressLine(process.stderr);
  const emit = (event: object) => json && process.stdout.write(`${JSON.stringify(event)}\n`);
  let toldMs = performance.now();
  return {
    onFile(file: BackfilledFile, tally: BackfillTally) {
      if (file.fate === 'refused') {
        line.clear();
        emit({ type: 'backfill.refused', source: file.source, reason: file.why });
        if (!quiet) say(`${printable(file.source)} is left out: ${printable(file.why ?? '')}`);
      }
      const { looked, text } = soFar(tally);
      if (!quiet) line.show(text);
      if (performance.now() - toldMs < TOLD_MS) return;
      toldMs = performance.now();
      emit({ type: 'backfill.progress', looked, jobs: tally.jobs });
    },
    done(tally: BackfillTally, bill: PastBill) {
      line.clear();
      emit({ type: 'backfill.done', to, isDryRun, ...tally, ...(isDryRun && { estimatedUsd: bill?.usd ?? null }) });
      if (quiet) return;
      if (isDryRun) say(`\n${table(tally)}`);
      for (const sentence of sentences(tally, bill)) say(sentence);
    },
    clear: () => line.clear(),
  };

  function* sentences({ new: fresh, archived, jobs }: BackfillTally, bill: PastBill) {
    const films = `${fresh.files} films (${formatBytes(fresh.bytes)})`;
    if (fresh.files === 0) yield `nothing is new for ${to}`;
    else if (isDryRun) yield `${films} would become ${jobs} jobs for ${to}; nothing was queued`;
    else yield `${films} are on their way to ${to}: ${jobs} jobs; reelmill jobs --stage ${stage} lists them`;
    if (archived.files > 0)
      yield `${archived.files} files (${formatBytes(archived.bytes)}) lie in an archive class and are left out: restore them first (reelmill storage restore tells what that costs), then backfill again`;
    if (!isDryRun || fresh.files === 0) return;
    yield bill
      ? `by ${bill.jobs} earlier jobs, they will cost about ${formatUsd(bill.usd)}: what those cost for each byte of their sources`
      : `what they will cost is not known: no earlier job of this stage tells what ${to} costs, and a file's size does not say how long it is (reelmill plan FILE --recipe ${to} tells it of one film)`;
  }
}

function soFar(tally: BackfillTally): { readonly looked: number; readonly text: string } {
  const looked = filesLookedAt(tally);
  return { looked, text: `${looked} files looked at: ${tally.new.files} new, ${tally.known.files} known` };
}

function table(tally: BackfillTally): string {
  const rows = BACKFILL_FATES.map((fate) => [WORDS[fate], tally[fate].files, formatBytes(tally[fate].bytes)]);
  return fittedTable(['files', 'count', 'size'], rows, peopleAt(process.stderr).columns());
}
