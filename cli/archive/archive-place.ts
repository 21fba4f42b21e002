import { resolve } from 'node:path';
import type { LookOptions, VerifiedFile } from '../../app/archive/verify-archive.ts';
import { verifyFile } from '../../app/archive/verify-file.ts';
import { verifyObject } from '../../app/archive/verify-object.ts';
import type { RecordedFile } from '../../core/archive/fixity.ts';
import { type BucketPlace, bucketPlace } from '../../core/archive/rclone-args.ts';
import type { StoredObject } from '../../core/archive/stored-sum.ts';
import { usage } from '../../core/errors.ts';
import { bucketsOf } from '../../runtime/archive-transfer.ts';
import { type StageStack, stageStack } from '../../runtime/aws/stage-stack.ts';
import { openBucketArchive } from '../../runtime/bucket-archive.ts';
import { type LocalArchive, openArchive } from '../../runtime/local-archive.ts';

export type PlaceOptions = {
  readonly stage?: string | undefined;
  readonly region?: string;
  readonly endpoint?: string;
};

/** An archive that is open: a folder, a place in a bucket, or the results of a stage. */
type OpenArchive = Pick<LocalArchive, 'store' | 'clock'> & {
  verify(file: RecordedFile, options: LookOptions): Promise<VerifiedFile>;
  readonly atOnce: number;
  close(): Promise<void>;
};

export type OpenBucket = OpenArchive & {
  /** What its keys begin with in the bucket. */
  readonly prefix: string;
  stored(key: string): Promise<StoredObject | undefined>;
};

/** Returns the stack that `--stage` names, if it is given. Throws `usage` unless exactly one place is named. */
export async function stackOf(place: string | undefined, options: PlaceOptions): Promise<StageStack | undefined> {
  if ((place === undefined) === (options.stage === undefined))
    throw usage('name either a folder, or s3://bucket/prefix, or --stage S');
  return options.stage === undefined ? undefined : stageStack(options.stage, options);
}

/** Opens the results of a stage: what lies in output/ of its bucket. */
export const openStage = (stack: StageStack, signal: AbortSignal): Promise<OpenBucket> =>
  openBucket({ ...stack, bucket: stack.mediaBucket, prefix: 'output' }, signal);

/** Opens a folder, or a place in a bucket. */
export async function openPlace(place: string, options: PlaceOptions, signal: AbortSignal): Promise<OpenArchive> {
  if (place.startsWith('s3://')) return openBucket(bucketPlace(place, bucketsOf(options)), signal);
  const archive = await openArchive(resolve(place), signal);
  const verify = (file: RecordedFile, how: LookOptions) => verifyFile(file, archive, how);
  return { ...archive, verify, atOnce: 1, close: async () => {} };
}

/** S3 answers thousands of requests a second; a bucket is asked for this many at the same time. */
const REQUESTS_AT_ONCE = 32;

async function openBucket(place: BucketPlace, signal: AbortSignal): Promise<OpenBucket> {
  const archive = await openBucketArchive(place, signal);
  const verify = (file: RecordedFile, how: LookOptions) => verifyObject(file, archive, how);
  return { ...archive, verify, atOnce: REQUESTS_AT_ONCE, prefix: place.prefix === '' ? '' : `${place.prefix}/` };
}
