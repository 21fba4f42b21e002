import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../../core/errors.ts';
import { checkKey } from '../../core/object-key.ts';
import type { MediaObjects, OpenObject } from '../../core/ports/media-objects.ts';
import { asking, isNamed, unless } from './aws-failure.ts';

/** A request to S3 takes as long as about so many bytes. */
const GAP_BYTES = 512 * 1024;

type ObjectAt = { readonly Bucket: string; readonly Key: string; readonly VersionId?: string };

/** Objects of a bucket, read in ranges that all must have the tag that the first answer had. */
export function s3Media(client: S3Client, Bucket: string): MediaObjects {
  return {
    open: (key, version, signal) =>
      asking(`open ${key}`, async () => {
        const at = { Bucket, Key: checkKey(key), ...(version !== undefined && { VersionId: version }) };
        const head = client.send(new HeadObjectCommand(at), { abortSignal: signal });
        const found = await unless('NotFound', version === undefined ? head : noSuchVersion(head));
        if (version !== undefined && found?.VersionId !== version) return undefined; // a server without versions
        return found && openObject(client, at, { etag: found.ETag ?? '', bytes: found.ContentLength ?? 0 });
      }),
  };
}

/** A version that a bucket cannot have is one that is not there; S3 says 400 to a malformed one, without a name in a HEAD. */
async function noSuchVersion<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (['NotFound', 'NoSuchVersion', 'BadRequest', '400', 'InvalidArgument'].some((name) => isNamed(name, error)))
      return undefined;
    throw error;
  }
}

function openObject(
  client: S3Client,
  at: ObjectAt,
  { etag, bytes }: { readonly etag: string; readonly bytes: number },
): OpenObject {
  return {
    bytes,
    version: createHash('sha256').update(`${etag} ${bytes}`).digest('hex').slice(0, 32),
    gapBytes: GAP_BYTES,
    read: (start, end, signal) =>
      asking(`read ${at.Key}`, async () => {
        const command = new GetObjectCommand({ ...at, IfMatch: etag, Range: `bytes=${start}-${end - 1}` });
        const found = await unless(
          'PreconditionFailed',
          unless('NoSuchKey', client.send(command, { abortSignal: signal })),
        );
        const read = await found?.Body?.transformToByteArray();
        if (!read) throw new ServiceError('reclaimed', `${at.Key} was replaced while it was read; try again`);
        if (read.length !== end - start)
          throw new ServiceError('busy', `${at.Key}: S3 sent ${read.length} bytes of ${end - start}; try again`);
        return read;
      }),
    close: async () => {},
  };
}
