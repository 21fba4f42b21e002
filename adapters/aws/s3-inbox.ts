import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { HEADER_BYTES, pictureOf } from '../../core/media/mp4-header.ts';
import type { Inbox } from '../../core/ports/inbox.ts';
import { type RawSettings, SETTINGS } from '../../core/recipes/settings.ts';
import { asking, isNamed, unless } from './aws-failure.ts';

/** S3 writes the names of metadata in lower case: `x-amz-meta-reelmill-eveniflarger: true`. */
const SETTING_PREFIX = 'reelmill-';
export function s3Inbox(client: S3Client, bucket: string): Inbox {
  return {
    inspect: (key) =>
      asking(`inspect ${key}`, async () => {
        const found = await unless('NotFound', client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
        const { ContentLength: bytes = 0, Metadata = {} } = found ?? {};
        return found && { bytes, version: versionOf(found), settings: settingsOf(Metadata) };
      }),
    measure: (key) =>
      asking(`measure ${key}`, async () => {
        const at = { Bucket: bucket, Key: key };
        const head = await partOf(client, at, 0);
        const readAt = async (offset: number) =>
          (offset === 0 ? head : await partOf(client, at, offset))?.bytes ?? NONE;
        return head && { bytes: head.of, ...(await pictureOf(head.of, readAt)) };
      }),
  };
}

/** Where the bucket keeps no versions, the time tells an upload from an earlier one of the same bytes. */
function versionOf({ VersionId, ETag = '', LastModified }: HeadObjectCommandOutput): string {
  return VersionId && VersionId !== 'null' ? VersionId : `${ETag}@${LastModified?.getTime() ?? 0}`;
}

function settingsOf(metadata: Readonly<Record<string, string>>): RawSettings {
  const asked = Object.entries(metadata).filter(([name]) => name.startsWith(SETTING_PREFIX));
  return Object.fromEntries(asked.map(([name, value]) => [settingNamed(name.slice(SETTING_PREFIX.length)), value]));
}

const settingNamed = (lowerCase: string): string =>
  Object.keys(SETTINGS).find((name) => name.toLowerCase() === lowerCase) ?? lowerCase;

const NONE = new Uint8Array();

/** Some bytes of an object, and how many it has: the answer to a range tells both. */
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
