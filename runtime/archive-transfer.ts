import { stat } from 'node:fs/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { bucketListing } from '../adapters/aws/bucket-listing.ts';
import { bucketOptions, TASK_TIMEOUT_MS } from '../adapters/aws/client-options.ts';
import { requireRegion } from '../adapters/aws/refusal.ts';
import { rclone } from '../adapters/local/rclone.ts';
import { syncFolder } from '../adapters/local/sync-folder.ts';
import { makeFolder } from '../adapters/shared/make-folder.ts';
import type { BucketPlace } from '../core/archive/rclone-args.ts';
import { ServiceError } from '../core/errors.ts';
import type { BucketTransfer } from '../core/ports/bucket-transfer.ts';
import { writeFailure } from '../core/system-failure.ts';
import { runProcess } from '../media/process/run-process.ts';
import { bucketConfig } from './config.ts';
import { quietSdk } from './library-settings.ts';

/** The region and address of the buckets, as asked for or from the environment. */
export function bucketsOf(asked: { readonly region?: string | undefined; readonly endpoint?: string | undefined }) {
  const { region, endpoint } = bucketConfig();
  return { region: asked.region ?? region, endpoint: asked.endpoint ?? endpoint };
}

/** Opens what sends an archive to this place. Throws `missing-tool` without rclone 1.60 or later. */
export async function openTransfer({ region, endpoint }: BucketPlace, signal: AbortSignal): Promise<BucketTransfer> {
  await checkRclone(signal);
  quietSdk();
  const { certificates } = bucketConfig();
  const options = { endpoint, bucketsByPath: endpoint !== undefined, requestTimeoutMs: TASK_TIMEOUT_MS };
  const client = new S3Client({ ...bucketOptions(options), ...(region !== undefined && { region }) });
  await requireRegion(client);
  return {
    ...rclone({ run: runProcess, certificates }),
    list: (place, listing) => bucketListing(client, place, listing),
  };
}

/** Opens a folder that is sent, or makes one to fetch to. Throws `no-input` if there is no such folder to send. */
export async function openSyncFolder(folder: string, direction: 'up' | 'down'): Promise<ReturnType<typeof syncFolder>> {
  try {
    if (direction === 'down') await makeFolder(folder);
  } catch (error) {
    throw writeFailure(error, folder);
  }
  const there = await stat(folder).catch(() => undefined);
  if (!there?.isDirectory()) throw new ServiceError('no-input', `${folder} is not a folder; name a folder of results`);
  return syncFolder(folder);
}

const OLDEST = [1, 60] as const;
const INSTALL = 'apt-get install rclone | brew install rclone | winget install Rclone.Rclone';

async function checkRclone(signal: AbortSignal): Promise<void> {
  let text: string;
  try {
    text = (await runProcess('rclone', ['version', '--config', ''], { signal })).stdout;
  } catch (cause) {
    if (!(cause instanceof ServiceError) || cause.code !== 'missing-tool') throw cause;
    throw new ServiceError('missing-tool', `rclone is not on this machine: ${INSTALL}`, {}, { cause });
  }
  const [, major, minor] = /^rclone v(\d+)\.(\d+)/.exec(text)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || major * 1000 + minor >= OLDEST[0] * 1000 + OLDEST[1]) return;
  throw new ServiceError('missing-tool', `rclone ${major}.${minor} is too old; 1.60 or later is needed: ${INSTALL}`);
}
