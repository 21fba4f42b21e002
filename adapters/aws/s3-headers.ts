import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { HEADER_BYTES, readMp4Header } from '../../core/film/mp4-header.ts';
import type { Headers } from '../../core/ports/inbox.ts';
import { asking, isNamed, unless } from './aws-failure.ts';

/** Reads facts of a picture from the headers of files in a bucket. */
export function s3Headers(client: S3Client, bucket: string): Headers {
  return {
    measure: (key) =>
      asking(`measure ${key}`, async () => {
        const at = { Bucket: bucket, Key: key };
        const head = await partOf(client, at, 0);
        const readAt = async (offset: number) =>
          (offset === 0 ? head : await partOf(client, at, offset))?.bytes ?? NONE;
        return head && { bytes: head.of, ...(await readMp4Header(head.of, readAt)) };
      }),
  };
}

const NONE = new Uint8Array();

/** Returns some bytes of an object and its whole size, which the answer to a range request both has. */
async function partOf(client: S3Client, at: { Bucket: string; Key: string }, offset: number) {
  const Range = `bytes=${offset}-${offset + HEADER_BYTES - 1}`;
  try {
    const answer = await unless('NoSuchKey', client.send(new GetObjectCommand({ ...at, Range })));
    const bytes = await answer?.Body?.transformToByteArray();
    return bytes && { bytes, of: Number(/\/(\d+)$/.exec(answer?.ContentRange ?? '')?.[1] ?? bytes.length) };
  } catch (error) {
    if (isNamed('InvalidRange', error)) return { bytes: NONE, of: 0 }; // an empty object has no first byte
    throw error;
  }
}
