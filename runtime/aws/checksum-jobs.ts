import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { checksumJobs } from '../../adapters/aws/checksum-jobs.ts';
import { clientsAt } from '../bucket-archive.ts';
import type { StageStack } from './stage-stack.ts';

/** Where the lists and reports of jobs lie in the log bucket. The role of bulk changes reads and writes there. */
const LISTS = 'bulk/verify/';

/** Opens the jobs that compute checksums of a stage's objects. */
export function openChecksumJobs(stack: StageStack, role: string | undefined): ReturnType<typeof checksumJobs> {
  const { account, mediaBucket, logBucket, endpoint } = stack;
  const options = clientsAt(stack);
  // S3 Control has a host name for each account. A server that is not Amazon's has one for all.
  const one = endpoint === undefined ? {} : { endpointProvider: () => ({ url: new URL(endpoint) }) };
  const control = new S3ControlClient({ ...options, ...one });
  const clients = { s3: new S3Client(options), control };
  return checksumJobs(clients, { account, bucket: mediaBucket, lists: { bucket: logBucket, prefix: LISTS }, role });
}
