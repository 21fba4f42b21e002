import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { HEADER_BYTES, pictureOf } from '../../core/media/mp4-header.ts';
import type { Inbox } from '../../core/ports/inbox.ts';
import { type RawSettings, SETTINGS } from '../../core/recipes/settings.ts';
import { asking, unless } from './aws-failure.ts';

/** S3 writes the names of metadata in lower case: `x-amz-meta-reelmill-eveniflarger: true`. */
const SETTING_PREFIX = 'reelmill-';
export function s3Inbox(client: S3Client, bucket: string): Inbox {
  const head = (key: string) => unless('NotFound', client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
  return {
    inspect: (key) =>
      asking(`inspect ${key}`, async () => {
        const found = await head(key);
        const { ContentLength: bytes = 0, Metadata = {} } = found ?? {};
        return found && { bytes, version: versionOf(found), settings: settingsOf(Metadata) };
      }),
    measure: (key) =>
      asking(`measure ${key}`, async () => {
        const found = await head(key);
        const bytes = found?.ContentLength ?? 0;
        const at = { Bucket: bucket, Key: key };
        return found && { bytes, ...(await pictureOf(bytes, (offset) => readAt(client, at, offset))) };
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

async function readAt(client: S3Client, at: { Bucket: string; Key: string }, offset: number): Promise<Uint8Array> {
  const Range = `bytes=${offset}-${offset + HEADER_BYTES - 1}`;
  const answer = await client.send(new GetObjectCommand({ ...at, Range }));
  return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
}
