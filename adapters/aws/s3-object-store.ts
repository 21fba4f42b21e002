import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { ServiceError } from '../../core/errors.ts';
import { sourceInBucket } from '../../core/job/backfilled.ts';
import { checkKey } from '../../core/object-key.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { asking } from './aws-failure.ts';
import { writing } from './refusal.ts';
import { copyInParts, copySource } from './s3-copy.ts';
import { download } from './s3-download.ts';
import { s3Head } from './s3-head.ts';
import { s3List } from './s3-list.ts';
import { openParts, openStretches } from './s3-parts.ts';
import type { S3Settings } from './s3-settings.ts';
import { s3SmallObjects } from './s3-small-objects.ts';
import { upload } from './s3-upload.ts';

/**
 * A bucket as an object store. The SDK's checksums protect every request; of what is published S3 stores the CRC64NVME of
 * the whole object, which a copy takes along.
 */
export function s3ObjectStore(settings: S3Settings): ObjectStore {
  const { client, bucket: Bucket } = settings;
  const at = (key: string) => ({ Bucket, Key: checkKey(key) });

  const small = s3SmallObjects(client, Bucket);

  const head = (key: string) => s3Head(client, Bucket, key);

  const copy = (from: string, to: string) =>
    asking(`copy ${from}`, async () => {
      checkKey(to);
      const found = await head(from);
      if (!found) throw new ServiceError('no-input', `there is no object ${from} to copy`);
      if (found.bytes > settings.largestCopyBytes)
        await copyInParts(settings, { bucket: Bucket, key: from }, to, { bytes: found.bytes });
      else
        await client.send(
          // without REPLACE, S3 takes tags along, and refuses the copy to who may not read and write tags
          new CopyObjectCommand({ ...at(to), CopySource: copySource(Bucket, from), TaggingDirective: 'REPLACE' }),
        );
    });

  return {
    head: (key) => asking(`head ${key}`, () => head(key)),

    list: s3List(client, Bucket),

    read: small.read,
    write: (key, bytes, contentType) => writing(`write ${key}`, () => small.write(key, bytes, contentType)),

    fetch: (key, signal) => asking(`fetch ${key}`, () => download(settings, checkKey(key), signal)),

    fetchParts: (key, version, signal) =>
      asking(`fetch ${key}`, () => openParts(settings, { key: checkKey(key), version }, signal)),

    fetchStretches: (key, version, parts, signal) =>
      asking(`fetch ${key}`, () => openStretches(settings, { key: checkKey(key), version, parts }, signal)),

    put: (key, path, { contentType, signal, crc64nvme }) =>
      writing(`put ${key}`, () => upload(settings, { key: checkKey(key), path, contentType, crc64nvme }, signal)),

    copy,
    link: copy,

    remove: (key) =>
      writing(`remove ${key}`, async () => {
        await client.send(new DeleteObjectCommand(at(key)));
      }),

    locate: (key) => sourceInBucket(Bucket, key),
  };
}
