import { SetupError } from '../setup-error.mjs';

/**
 * Deletes every version of every object in a bucket and every unfinished upload, page by page until none is left. Gives
 * how many went.
 * @param {import('@aws-sdk/client-s3').S3Client} s3
 * @param {string} Bucket
 * @param {{ bypassGovernance?: boolean }} [how]
 */
export async function emptyBucket(s3, Bucket, { bypassGovernance = false } = {}) {
  const { ListObjectVersionsCommand, DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
  await endUploads(s3, Bucket);
  let gone = 0;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return gone;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({
        ...{ Bucket, Delete: { Objects, Quiet: true } },
        ...(bypassGovernance && { BypassGovernanceRetention: true }),
      }),
    );
    const [error] = Errors;
    if (error) throw new SetupError(`${Bucket}/${error.Key} stays: ${error.Code} ${error.Message}`, { exitCode: 73 });
    gone += Objects.length;
  }
}

/**
 * @param {import('@aws-sdk/client-s3').S3Client} s3
 * @param {string} Bucket
 */
async function endUploads(s3, Bucket) {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import('@aws-sdk/client-s3');
  for (;;) {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
}
