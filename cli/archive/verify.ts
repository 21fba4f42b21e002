import { resolve } from 'node:path';
import process from 'node:process';
import { type ArchiveVerdict, type VerifiedFile, verifyArchive } from '../../app/verify-archive.ts';
import { FAILURES, usage } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { openArchive } from '../../runtime/local-archive.ts';
import { interruptSignal } from '../interrupt.ts';
import { printable } from '../printable.ts';
import { progressLine } from '../progress-line.ts';

type VerifyCommandOptions = { readonly deep?: boolean; readonly sample: string; readonly json?: boolean };

/** Verifies a folder of results. Returns 0 if every file is as it was published, otherwise the exit code of bad input. */
export async function verify(folder: string, options: VerifyCommandOptions): Promise<number> {
  const share = shareOf(options.sample);
  const signal = interruptSignal();
  const archive = await openArchive(resolve(folder), signal);
  const line = progressLine(process.stderr);
  const write = (text: string) => {
    line.clear();
    process.stdout.write(`${text}\n`);
  };
  const onFile = (file: VerifiedFile) => {
    if (options.json) write(JSON.stringify({ type: 'archive.file', ...file }));
    else if (file.fixity !== 'good')
      write(`${file.fixity.padEnd(11)} ${printable(file.key)}: ${printable(file.why ?? '')}`);
  };
  const onProgress = (done: number, total: number) =>
    line.show(`verifying ${formatBytes(done)} of ${formatBytes(total)}`);
  try {
    const verdict = await verifyArchive(archive, { signal, share, deep: options.deep ?? false, onFile, onProgress });
    line.clear();
    if (options.json) write(JSON.stringify({ type: 'archive.verified', ...verdict }));
    else write(verdictText(verdict));
    const isGood = verdict.counts.good === verdict.verified && verdict.faults.length === 0;
    return isGood ? 0 : FAILURES['bad-input'].exit;
  } finally {
    line.clear();
  }
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
  const bad = Object.entries(counts).filter(([fixity, count]) => fixity !== 'good' && count > 0);
  const found = [`${counts.good} good`, ...bad.map(([fixity, count]) => `${count} ${fixity}`)].join(', ');
  const named = extra.slice(0, MOST_NAMED).map((key) => `  ${printable(key)}`);
  return [
    ...faults.map(printable),
    `${verified} of ${files} published files verified (${formatBytes(bytes)} in all): ${found}`,
    ...(extra.length > 0 ? [`${extra.length} other files, which no manifest names:`, ...named] : []),
    ...(extra.length > MOST_NAMED ? [`  and ${extra.length - MOST_NAMED} more (--json names all)`] : []),
  ].join('\n');
}
