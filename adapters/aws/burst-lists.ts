import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Burst } from '../../core/dispatch/burst.ts';
import { burstListKey, burstListText } from '../../core/job/burst-list.ts';
import { asking } from './aws-failure.ts';

/** Writes the list by which the containers of a burst know their jobs. It has to be there before they are. */
export function writeBurstList(s3: S3Client, Bucket: string, { name, containers }: Burst): Promise<void> {
  return asking(`write the list of the burst ${name}`, async () => {
    const Body = burstListText(
      containers.map((jobs) => jobs.map(({ job, facts }) => ({ job: job.id, key: job.source, bytes: facts.bytes }))),
    );
    await s3.send(new PutObjectCommand({ Bucket, Key: burstListKey(name), Body, ContentType: 'application/json' }));
  });
}
