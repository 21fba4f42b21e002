import { judgeComputed, startComputing } from '../../app/archive/compute-sums.ts';
import type { VerifiedFile } from '../../app/archive/verify-archive.ts';
import { FAILURES, ServiceError, usage } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { openChecksumJobs } from '../../runtime/aws/checksum-jobs.ts';
import type { StageStack } from '../../runtime/aws/stage-stack.ts';
import { printable } from '../terminal/printable.ts';
import type { OpenBucket } from './archive-place.ts';
import { countsText, isSound } from './counts-text.ts';

type ComputeOptions = {
  readonly stage?: string | undefined;
  readonly role?: string;
  readonly computed?: string;
  readonly json?: boolean;
};
type Opened = {
  readonly archive: OpenBucket;
  readonly stack: StageStack;
  readonly share: number;
  onFile(file: VerifiedFile): void;
  write(text: string): void;
};

/** Starts a job that computes sums, or tells what it found. */
export const computedSums = (opened: Opened, options: ComputeOptions): Promise<number> =>
  options.computed === undefined ? startJob(opened, options) : tellJob(opened, options.computed, options);

/** Has S3 read a share of the published files, and says by which command the result is told. */
async function startJob(
  { archive, stack, share, write }: Opened,
  { stage, role, json }: ComputeOptions,
): Promise<number> {
  const jobs = openChecksumJobs(stack, roleOf(role ?? stack.bulkRole, stage));
  const { job, files, bytes } = await startComputing(share, { ...archive, start: jobs.start });
  if (json) write(JSON.stringify({ type: 'archive.computing', job, files, bytes }));
  else
    write(
      [
        `S3 reads ${files} files (${formatBytes(bytes)}) by the job ${job}, which takes minutes to hours.`,
        `Then: reelmill archive verify --stage ${stage} --computed ${job}`,
      ].join('\n'),
    );
  return 0;
}

function roleOf(role: string | undefined, stage: string | undefined): string {
  if (role === undefined)
    throw new ServiceError(
      'no-input',
      `stage ${stage} has no role for S3 Batch Operations; set bulkChanges to yes, or name a role by --role ARN`,
    );
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(role))
    throw usage(`--role ${printable(role)} is no ARN of a role, such as arn:aws:iam::111122223333:role/name`);
  return role;
}

/** Tells what S3 has read, or how far it is. Returns the code of "try again" until the job has ended. */
async function tellJob(
  { archive, stack, onFile, write }: Opened,
  job: string,
  { json }: ComputeOptions,
): Promise<number> {
  if (!/^[\w-]{5,36}$/.test(job)) throw usage(`--computed ${printable(job)} is no id of a job of S3 Batch Operations`);
  const jobs = openChecksumJobs(stack, stack.bulkRole);
  const progress = await jobs.progress(job);
  if (progress.state === 'failed')
    throw new ServiceError('no-input', `the job ${job} ended without a result: ${progress.why}`);
  if (progress.state === 'running') {
    const { done, total } = progress;
    write(
      json ? JSON.stringify({ type: 'archive.computing', job, done, total }) : `${done} of ${total} files read so far`,
    );
    return FAILURES.busy.exit;
  }
  const verdict = await judgeComputed(jobs.sums(job), archive, onFile);
  const { verified, files, counts, faults } = verdict;
  if (json) write(JSON.stringify({ type: 'archive.verified', ...verdict }));
  else
    write(
      [...faults.map(printable), `${verified} of ${files} published files read by S3: ${countsText(counts)}`].join(
        '\n',
      ),
    );
  return isSound(verdict) ? 0 : FAILURES['bad-input'].exit;
}
