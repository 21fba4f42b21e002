import process from 'node:process';
import { type ArchiveVerdict, type VerifiedFile, verifyArchive } from '../../app/archive/verify-archive.ts';
import { FAILURES, usage } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { openPlace, openStage, type PlaceOptions, stackOf } from './archive-place.ts';
import { computedSums } from './computed-sums.ts';
import { countsText, isSound } from './counts-text.ts';

type VerifyCommandOptions = PlaceOptions & {
  readonly deep?: boolean;
  readonly sample: string;
  readonly compute?: boolean;
  readonly computed?: string;
  readonly role?: string;
  readonly json?: boolean;
};

/** Verifies an archive. Returns 0 if no file is other than it was published, otherwise the exit code of bad input. */
export async function verify(place: string | undefined, options: VerifyCommandOptions): Promise<number> {
  const share = shareOf(options.sample);
  checkTogether(options);
  const signal = interruptSignal();
  const stack = await stackOf(place, options);
  const stage = stack && (await openStage(stack, signal));
  const archive = stage ?? (await openPlace(place ?? '', options, signal));
  const line = progressLine(process.stderr);
  const write = (text: string) => {
    line.clear();
    process.stdout.write(`${text}\n`);
  };
  const onFile = (file: VerifiedFile) => {
    if (options.json) write(JSON.stringify({ type: 'archive.file', ...file }));
    else if (file.fixity !== 'good' && file.why !== undefined)
      write(`${file.fixity.padEnd(11)} ${printable(file.key)}: ${printable(file.why)}`);
  };
  const onProgress = (done: number, total: number) =>
    line.show(`verifying ${formatBytes(done)} of ${formatBytes(total)}`);
  try {
    if (stack && stage && (options.compute || options.computed !== undefined))
      return await computedSums({ archive: stage, stack, share, onFile, write }, options);
    const verdict = await verifyArchive(archive, { signal, share, deep: options.deep ?? false, onFile, onProgress });
    if (options.json) write(JSON.stringify({ type: 'archive.verified', ...verdict }));
    else write(verdictText(verdict));
    return isSound(verdict) ? 0 : FAILURES['bad-input'].exit;
  } finally {
    line.clear();
    await archive.close();
  }
}

function checkTogether({ stage, deep, compute, computed }: VerifyCommandOptions): void {
  if (!compute && computed === undefined) return;
  if (compute && computed !== undefined)
    throw usage('--compute starts a job, and --computed tells its result; give one of the two');
  if (stage === undefined) throw usage('--compute and --computed need --stage S, the stage whose bucket is read');
  if (deep) throw usage('--deep reads the objects here, and --compute has S3 read them; give one of the two');
}

/** Throws `usage` unless it is a percentage above 0 and at most 100. */
function shareOf(text: string): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text)?.[1];
  const share = Number(percent) / 100;
  if (share > 0 && share <= 1) return share;
  throw usage(`--sample ${printable(text)} is not a share of the archive; it takes 0.1% to 100%`);
}

const MOST_NAMED = 20;

function verdictText({ files, bytes, verified, counts, extra, faults }: ArchiveVerdict): string {
  const named = extra.slice(0, MOST_NAMED).map((key) => `  ${printable(key)}`);
  return [
    ...faults.map(printable),
    `${verified} of ${files} published files verified (${formatBytes(bytes)} in all): ${countsText(counts)}`,
    ...(extra.length > 0 ? [`${extra.length} other files, which no manifest names:`, ...named] : []),
    ...(extra.length > MOST_NAMED ? [`  and ${extra.length - MOST_NAMED} more (--json names all)`] : []),
  ].join('\n');
}
