import type { RawSettings } from '../settings/settings.ts';
import { type DropReading, dropFromKey, INPUT_PREFIX, inputKey } from './drop.ts';
import type { Job } from './job.ts';

/**
 * A recipe or mix that is asked for a source that may lie elsewhere than in the recipe's own folder of `input/`, and settings, which go
 * before those that came with the source.
 */
export type Backfill = { readonly source: string; readonly to: string; readonly settings?: RawSettings };

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** The folder of results whose sources lie in other buckets. No folder of `input/` has its name by accident: see `sourceFor`. */
const BUCKETS = 's3/';

/** Whether a text can be the name of a bucket of S3. */
export const isBucketName = (name: string): boolean => BUCKET.test(name);

/** Returns the address of an object of S3, by which jobs, notices and manifests call a source in another bucket. */
export const sourceInBucket = (bucket: string, key: string): string => `s3://${bucket}/${key}`;

/** Returns where a source of another bucket lies; undefined for a key of the stage's own bucket. */
export function otherBucket(source: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/(.*)$/s.exec(source) ?? [];
  return isBucketName(bucket) ? { bucket, key } : undefined;
}

/**
 * Returns what a backfill asks for, by the rules for the names of drops. A source in the recipe's own folder is the drop itself;
 * results of any other have the whole name of their source in their path, so that no two sources share a place.
 */
export function backfilledDrop({ source, to }: Backfill): DropReading {
  if (isOwnDrop({ source, to })) return dropFromKey(source);
  const other = otherBucket(source);
  if (!other && !source.startsWith(INPUT_PREFIX)) return { kind: 'ignored' };
  if (other?.key === '' || source.endsWith('/')) return { kind: 'ignored' };
  return dropFromKey(inputKey({ recipe: to, path: other ? `${BUCKETS}${other.bucket}/${other.key}` : source }));
}

/**
 * Returns what asks for a job of a bucket once more. The results of a job lie in output/<recipe or mix>/. A drop has its settings
 * beside it; those of a backfill are known to its jobs alone.
 */
export function askedAgain({
  source,
  outputPrefix,
  settings,
}: Pick<Job, 'source' | 'outputPrefix' | 'settings'>): Backfill {
  const asked = { source, to: outputPrefix.split('/')[1] ?? '' };
  if (isOwnDrop(asked) || Object.keys(settings).length === 0) return asked;
  return {
    ...asked,
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])),
  };
}

/** Whether a source lies where a drop for this recipe lies, so that it is one. */
export const isOwnDrop = ({ source, to }: Backfill): boolean => source.startsWith(inputKey({ recipe: to, path: '' }));

/** Returns the source of which a backfill would put results where those of a drop with this path lie; undefined if there is none. */
export function sourceFor(path: string): string | undefined {
  if (path.startsWith(INPUT_PREFIX)) return path;
  const [, bucket = '', key = ''] = /^s3\/([^/]+)\/(.+)$/s.exec(path) ?? [];
  return isBucketName(bucket) ? sourceInBucket(bucket, key) : undefined;
}

/** An object as a listing tells of it. */
export type ListedObject = { readonly key: string; readonly bytes: number; readonly isArchived: boolean };
