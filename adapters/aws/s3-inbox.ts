import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { HEADER_BYTES, pictureOf } from '../../core/media/mp4-header.ts';
import type { Inbox } from '../../core/ports/inbox.ts';
import { type RawSettings, SETTINGS } from '../../core/recipes/settings.ts';
import { asking, unless } from './aws-failure.ts';

/** S3 writes the names of metadata in lower case: `x-amz-meta-reelmill-eveniflarger: true`. */
const SETTING_PREFIX = 'reelmill-';
/** Looks at an object with one HEAD, and one or two reads of its first kilobytes. */
export function s3Inbox(client: S3Client, bucket: string): Inbox {
  return {
    inspect: (key) =>
      asking(`inspect ${key}`, async () => {
        const at = { Bucket: bucket, Key: key };
        const found = await unless('NotFound', client.send(new HeadObjectCommand(at)));
        if (!found) return undefined;
        const bytes = found.ContentLength ?? 0;
        const picture = await pictureOf(bytes, (offset) => readAt(client, at, offset));
        return { facts: { bytes, ...picture }, version: versionOf(found), settings: settingsOf(found.Metadata ?? {}) };
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
