import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Leak, Upkeep } from '../../core/ports/upkeep.ts';
import { asking, unless } from './aws-failure.ts';

/** People upload here, however slowly. The bucket's lifecycle removes their abandoned uploads. */
const PEOPLES = /^input\//;
const WORK = 'work/';

/** Longer than the longest job may take. */
const LEFT_MS = 15 * 24 * 3_600_000;

/** Separates the key and the upload id in the name of an upload, because S3 needs both to abort it. */
const SEPARATOR = ' #';

/** Finds and removes uploads and work files of our containers that were killed. */
export function s3Upkeep(client: S3Client, Bucket: string): Upkeep {
  return {
    afterMs: LEFT_MS,
    async *leaks(beforeMs) {
      yield* uploadsBefore(client, Bucket, beforeMs);
      yield* workBefore(client, Bucket, beforeMs);
    },
    mend: ({ kind, name }) =>
      asking(`take away ${name}`, async () => {
        if (kind === 'work') await client.send(new DeleteObjectCommand({ Bucket, Key: name }));
        if (kind === 'upload') {
          const at = name.lastIndexOf(SEPARATOR);
          const upload = { Bucket, Key: name.slice(0, at), UploadId: name.slice(at + SEPARATOR.length) };
          await unless('NoSuchUpload', client.send(new AbortMultipartUploadCommand(upload)));
        }
        return kind === 'work' || kind === 'upload';
      }),
  };
}

async function* uploadsBefore(client: S3Client, Bucket: string, beforeMs: number): AsyncGenerator<Leak> {
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (from) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({ Bucket, ...from }),
    );
    for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
      const sinceMs = Initiated?.getTime() ?? 0;
      if (sinceMs < beforeMs && !PEOPLES.test(Key))
        yield { kind: 'upload', name: `${Key}${SEPARATOR}${UploadId}`, sinceMs };
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    from = IsTruncated ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
  }
}

async function* workBefore(client: S3Client, Bucket: string, beforeMs: number): AsyncGenerator<Leak> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: WORK })) {
    for (const { Key = '', LastModified } of Contents) {
      const sinceMs = LastModified?.getTime() ?? 0;
      if (sinceMs < beforeMs) yield { kind: 'work', name: Key, sinceMs };
    }
  }
}
