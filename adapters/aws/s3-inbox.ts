import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Inbox } from '../../core/ports/inbox.ts';
import { type RawSettings, SETTINGS } from '../../core/settings/settings.ts';
import { asking, unless } from './aws-failure.ts';
import { s3Headers } from './s3-headers.ts';
import { s3List } from './s3-list.ts';

/** S3 writes the names of metadata in lower case: `x-amz-meta-reelmill-eveniflarger: true`. */
const SETTING_PREFIX = 'reelmill-';

export function s3Inbox(client: S3Client, bucket: string): Inbox {
  return {
    ...s3Headers(client, bucket),
    list: s3List(client, bucket),
    inspect: (key) =>
      asking(`inspect ${key}`, async () => {
        const found = await unless('NotFound', client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
        const { ContentLength: bytes = 0, Metadata = {} } = found ?? {};
        return found && { bytes, version: versionOf(found), settings: settingsOf(Metadata) };
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
