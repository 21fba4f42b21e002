import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { ServiceError } from '../../core/errors.ts';
import type { OpenUpload, PartStore } from '../../core/ports/part-store.ts';
import type { PartThere } from '../../core/upload/plan-parts.ts';
import { asking, isNamed, unless } from './aws-failure.ts';
import { metadataOf } from './setting-metadata.ts';

const CHECKSUM = 'x-amz-checksum-sha256';
const GONE = 'NoSuchUpload';

type StoredPart = PartThere & { readonly etag: string };

/** Uploads in parts straight to the bucket. S3 itself refuses a part of another length or checksum, by the signature. */
export function s3PartStore(client: S3Client, Bucket: string): PartStore {
  const at = ({ key, reference }: Pick<OpenUpload, 'key' | 'reference'>) => ({ Bucket, Key: key, UploadId: reference });

  const stored = async (upload: OpenUpload): Promise<readonly StoredPart[]> => {
    const parts: StoredPart[] = [];
    for await (const page of paginateListParts({ client, stopOnSameToken: true }, at(upload)))
      for (const { PartNumber = 0, Size = 0, ChecksumSHA256: checksum = '', ETag: etag = '' } of page.Parts ?? [])
        parts.push({ number: PartNumber, bytes: Size, checksum, etag });
    return parts;
  };

  return {
    begin: ({ key, settings }) =>
      asking(`begin the upload of ${key}`, async () => {
        const { UploadId = '' } = await client.send(
          new CreateMultipartUploadCommand({
            ...{ Bucket, Key: key, ContentType: 'application/octet-stream' },
            ...{ ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE', Metadata: metadataOf(settings) },
          }),
        );
        return UploadId;
      }),

    parts: (upload) =>
      asking(`list the parts of ${upload.key}`, async () => {
        const parts = await unless(GONE, stored(upload));
        return parts?.map(({ number, bytes, checksum }) => ({ number, bytes, checksum }));
      }),

    sign: async (upload, { number, bytes, checksum }, expiresMs) => {
      const command = new UploadPartCommand({
        ...at(upload),
        ...{ PartNumber: number, ContentLength: bytes, ChecksumSHA256: checksum, ChecksumAlgorithm: 'SHA256' },
      });
      const url = await getSignedUrl(client, command, {
        // the clock of this machine may be off: the SDK learns by how much, and signs everything but addresses by that
        signingDate: new Date(Date.now() + client.config.systemClockOffset),
        expiresIn: Math.max(1, Math.floor((expiresMs - Date.now()) / 1000)),
        signableHeaders: new Set(['host', 'content-length', CHECKSUM]),
        unhoistableHeaders: new Set([CHECKSUM]),
      });
      return { number, url, headers: { [CHECKSUM]: checksum }, expiresMs };
    },

    complete: (upload) =>
      asking(`complete the upload of ${upload.key}`, async () => {
        const parts = await unless(GONE, stored(upload));
        if (!parts) throw gone(upload);
        const Parts = parts.map(({ number, etag, checksum }) => ({
          ...{ PartNumber: number, ETag: etag, ChecksumSHA256: checksum },
        }));
        try {
          const command = { ...at(upload), MultipartUpload: { Parts }, IfNoneMatch: '*' };
          await client.send(new CompleteMultipartUploadCommand(command));
        } catch (error) {
          if (isNamed(GONE, error)) throw gone(upload);
          if (!isNamed('PreconditionFailed', error)) throw error;
          throw new ServiceError(
            'bad-input',
            `${JSON.stringify(upload.key)} is there already; give the file another name`,
          );
        }
      }),

    abort: (upload) =>
      asking(`give up the upload of ${upload.key}`, async () => {
        await unless(GONE, client.send(new AbortMultipartUploadCommand(at(upload))));
      }),
  };
}

/** Somebody else has completed or given up the upload meanwhile. */
const gone = ({ key }: Pick<OpenUpload, 'key'>) =>
  new ServiceError('no-input', `the parts of ${JSON.stringify(key)} are gone; begin its upload again`);
