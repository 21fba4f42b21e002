import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { BucketPlace } from '../../core/archive/rclone-args.ts';
import { ServiceError } from '../../core/errors.ts';
import type { BucketObject } from '../../core/ports/bucket-transfer.ts';
import { asking } from './aws-failure.ts';

/** Lists every object below a place, by its path from there, with its ETag. Throws `no-input` where the bucket refuses. */
export async function* bucketListing(
  client: S3Client,
  { bucket: Bucket, prefix }: BucketPlace,
  abortSignal: AbortSignal,
): AsyncGenerator<BucketObject> {
  const Prefix = prefix === '' ? '' : `${prefix}/`;
  const pages = paginateListObjectsV2({ client }, { Bucket, Prefix })[Symbol.asyncIterator]();
  const next = async () => {
    try {
      return await asking(`listing s3://${Bucket}/${Prefix}`, () => pages.next());
    } catch (error) {
      if (abortSignal.aborted) throw new ServiceError('interrupted', 'stopped while the bucket was listed');
      if (!(error instanceof Error) || !REFUSALS.test(error.name)) throw error;
      const reason = `the bucket ${Bucket} cannot be listed (${error.name}); check its name, region and your permissions`;
      throw new ServiceError('no-input', reason, {}, { cause: error });
    }
  };
  for (let page = await next(); !page.done; page = await next()) {
    if (abortSignal.aborted) throw new ServiceError('interrupted', 'stopped while the bucket was listed');
    for (const { Key = '', Size = 0, ETag = '' } of page.value.Contents ?? []) {
      if (Key.endsWith('/')) continue; // S3's console makes "folders", which are empty objects
      yield { path: Key.slice(Prefix.length), bytes: Size, etag: ETag.replaceAll('"', '') };
    }
  }
}

const REFUSALS =
  /^(NoSuchBucket|AccessDenied|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|PermanentRedirect|CredentialsProviderError|InvalidBucketName|AuthorizationHeaderMalformed|ExpiredToken)$/;
