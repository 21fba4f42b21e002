import { S3Client } from '@aws-sdk/client-s3';
import { bucketOptions, TASK_TIMEOUT_MS } from '../adapters/aws/client-options.ts';
import { eachAsPerson, requireRegion } from '../adapters/aws/refusal.ts';
import { s3ObjectStore } from '../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../adapters/aws/s3-settings.ts';
import { storedObject } from '../adapters/aws/s3-stored-sum.ts';
import { belowPrefix } from '../adapters/shared/below-prefix.ts';
import { systemClock } from '../adapters/shared/system-clock.ts';
import type { BucketPlace } from '../core/archive/rclone-args.ts';
import type { StoredObject } from '../core/archive/stored-sum.ts';
import { ownFolder } from '../media/process/own-folder.ts';
import { quietSdk } from './library-settings.ts';
import { fileReaders, type LocalArchive } from './local-archive.ts';

type BucketArchive = LocalArchive & {
  stored(key: string): Promise<StoredObject | undefined>;
  /** Removes what was fetched. */
  close(): Promise<void>;
};

/** The options of clients for a place, whose server need not be Amazon's. */
export function clientsAt({ region, endpoint }: Pick<BucketPlace, 'region' | 'endpoint'>) {
  quietSdk();
  const options = { endpoint, bucketsByPath: endpoint !== undefined, requestTimeoutMs: TASK_TIMEOUT_MS };
  return { ...bucketOptions(options), ...(region !== undefined && { region }) };
}

/** Opens a part of a bucket as an archive. What is read of it lies in a temporary folder until it is closed. */
export async function openBucketArchive(place: BucketPlace, signal: AbortSignal): Promise<BucketArchive> {
  const { bucket, prefix } = place;
  const client = new S3Client(clientsAt(place));
  await requireRegion(client);
  const scratch = await ownFolder('reelmill-verify-');
  const whole = s3ObjectStore({ ...S3_DEFAULTS, client, bucket, scratch: scratch.path });
  const at = prefix === '' ? '' : `${prefix}/`;
  const store = prefix === '' ? whole : belowPrefix(whole, at);
  return {
    store: { ...store, list: (part) => eachAsPerson(`listing s3://${bucket}/${at}${part}`, store.list(part)) },
    clock: systemClock,
    ...fileReaders(signal),
    stored: (key) => storedObject(client, bucket, `${at}${key}`, signal),
    async close() {
      client.destroy();
      await scratch.remove();
    },
  };
}
