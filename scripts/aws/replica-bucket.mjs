import { SetupError } from '../setup-error.mjs';
import { lockOf } from './object-lock.mjs';

/**
 * Throws one sentence where the bucket that is to get copies cannot take them: S3 would say so when half of a deploy is done,
 * or, of a lock, when the first file is copied.
 * @param {{ stage: string, settings: Record<string, any> }} of
 */
export async function requireReplicaBucket({ stage, settings }) {
  const { replicaBucket: Bucket, replicaRegion: region, objectLock } = settings;
  if (!Bucket) return;
  const { GetBucketVersioningCommand, S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({ region, followRegionRedirects: false });
  const answer = await s3
    .send(new GetBucketVersioningCommand({ Bucket }))
    .catch((error) => /** @type {Error} */ (error));
  if (answer instanceof Error) {
    const why = WHY[answer.name];
    if (!why) throw answer;
    const hint = `resources/replica-bucket.yml makes it: Stage=${stage} Bucket=${Bucket}`;
    throw new SetupError(`the bucket for copies, ${Bucket}, ${why} ${region}; ${hint}`, { exitCode: 66 });
  }
  if (answer.Status !== 'Enabled') {
    throw new SetupError(`the bucket for copies, ${Bucket}, keeps no versions, and S3 copies into no other`, {
      exitCode: 64,
    });
  }
  if (objectLock !== 'off' && !(await lockOf(Bucket, region))) {
    throw new SetupError(
      `the bucket for copies, ${Bucket}, has no Object Lock, and S3 copies locked files into no other: make it with ObjectLock=yes`,
      { exitCode: 64 },
    );
  }
}

/** @type {Readonly<Record<string, string>>} */
const WHY = {
  NoSuchBucket: 'is not there in',
  PermanentRedirect: 'is in another region than',
  AuthorizationHeaderMalformed: 'is in another region than',
  IllegalLocationConstraintException: 'is in another region than',
};
