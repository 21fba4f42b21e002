import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Inbox } from '../../core/ports/inbox.ts';
import { type RawSettings, SETTINGS } from '../../core/settings/settings.ts';
import { asking, unless } from './aws-failure.ts';
import { refusalOf } from './refusal.ts';
import { s3Headers } from './s3-headers.ts';
import { s3List } from './s3-list.ts';
import { SETTING_PREFIX } from './setting-metadata.ts';

/** Inspects the drops in a bucket. */
export function s3Inbox(client: S3Client, bucket: string): Inbox {
  return {
    ...s3Headers(client, bucket),
    list: s3List(client, bucket),
    inspect: (key) =>
      asking(`inspect ${key}`, async () => {
        const found = await unless('NotFound', headOf(client, { Bucket: bucket, Key: key }));
        const { ContentLength: bytes = 0, Metadata = {} } = found ?? {};
        const settings = settingsOf(Metadata);
        return found && { bytes, version: versionOf(found, settings), settings };
      }),
  };
}

/** An answer to HEAD has no body, and so no name of what is refused: that to a GET of one byte has it. */
async function headOf(client: S3Client, at: { readonly Bucket: string; readonly Key: string }) {
  try {
    return await client.send(new HeadObjectCommand(at));
  } catch (error) {
    if (/^status 40[03]$/.test(refusalOf(error) ?? ''))
      await client.send(new GetObjectCommand({ ...at, Range: 'bytes=0-0' }));
    throw error;
  }
}

/**
 * The version of an upload. Without versioning it is the etag with the time and the settings, which distinguish uploads of
 * the same bytes; the time alone does not suffice, because S3 gives whole seconds.
 */
function versionOf({ VersionId, ETag = '', LastModified }: HeadObjectCommandOutput, settings: RawSettings): string {
  if (VersionId && VersionId !== 'null') return VersionId;
  const asked = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const mark = createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16);
  return `${ETag}@${LastModified?.getTime() ?? 0}${asked.length > 0 ? `#${mark}` : ''}`;
}

function settingsOf(metadata: Readonly<Record<string, string>>): RawSettings {
  const asked = Object.entries(metadata).filter(([name]) => name.startsWith(SETTING_PREFIX));
  return Object.fromEntries(asked.map(([name, value]) => [settingNamed(name.slice(SETTING_PREFIX.length)), value]));
}

const settingNamed = (lowerCase: string): string =>
  Object.keys(SETTINGS).find((name) => name.toLowerCase() === lowerCase) ?? lowerCase;
