import type { S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../../core/errors.ts';
import { otherBucket, sourceInBucket } from '../../core/job/backfilled.ts';
import type { Headers, Inbox } from '../../core/ports/inbox.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { refusalOf } from './refusal.ts';
import { s3Headers } from './s3-headers.ts';
import { s3Inbox } from './s3-inbox.ts';
import { isInBucket } from './s3-location.ts';
import { s3ObjectStore } from './s3-object-store.ts';
import type { S3Settings } from './s3-settings.ts';

/**
 * The stage's bucket as a store of sources, which also reads those in other buckets by their names (s3://bucket/key). Nothing
 * is ever written there: to the methods that write, such a name is no key.
 */
export function sourceStore(settings: S3Settings): ObjectStore {
  const own = s3ObjectStore(settings);
  const storeOf = (bucket: string) => s3ObjectStore({ ...settings, bucket });
  const at = <T>(source: string, read: (store: ObjectStore, key: string) => Promise<T>): Promise<T> => {
    const other = otherBucket(source);
    return other
      ? reading(source, () => read(storeOf(other.bucket), other.key))
      : readingOwn(source, () => read(own, source));
  };
  return {
    ...own,
    head: (source) => at(source, (store, key) => store.head(key)),
    list(prefix) {
      const other = otherBucket(prefix);
      return other ? listed(storeOf(other.bucket), other) : own.list(prefix);
    },
    read: (source) => at(source, (store, key) => store.read(key)),
    fetch: (source, signal) => at(source, (store, key) => store.fetch(key, signal)),
    fetchParts: (source, version, signal) =>
      at(source, async (store, key) => {
        const file = await store.fetchParts(key, version, signal);
        const refused = otherBucket(source) ? reading : readingOwn;
        return file && { ...file, fill: (ranges) => refused(source, () => file.fill(ranges)) };
      }),
    fetchStretches: (source, version, parts, signal) =>
      at(source, (store, key) => store.fetchStretches(key, version, parts, signal)),
    locate: (source) => (otherBucket(source) ? source : own.locate(source)),
  };
}

/** The headers of sources in the stage's bucket, and in others by their names. */
export function sourceHeaders(client: S3Client, bucket: string): Headers {
  const own = s3Headers(client, bucket);
  return {
    measure(source) {
      const other = otherBucket(source);
      return other
        ? reading(source, () => s3Headers(client, other.bucket).measure(other.key))
        : readingOwn(source, () => own.measure(source));
    },
    // one that was archived after its drop was taken fails when it is read: nothing is restored in a bucket that is only read
    archived: async (source) => (otherBucket(source) ? undefined : own.archived(source)),
    restore: own.restore,
  };
}

/** Inspects drops in the stage's bucket, and sources in others by their names. */
export function sourceInbox(client: S3Client, bucket: string): Inbox {
  const own = s3Inbox(client, bucket);
  return {
    ...own,
    ...sourceHeaders(client, bucket),
    list(prefix) {
      const other = otherBucket(prefix);
      return other ? listed(s3Inbox(client, other.bucket), other) : own.list(prefix);
    },
    inspect(source) {
      const other = otherBucket(source);
      if (!other) return readingOwn(source, () => own.inspect(source));
      const there = s3Inbox(client, other.bucket);
      return reading(source, async () => {
        const arrival = await there.inspect(other.key);
        if (arrival && (await there.archived(other.key))) throw cannotBeRead(source);
        return arrival;
      });
    },
  };
}

/** Whether a source is still where `locate` said. One that cannot be looked at counts as there, so that its results stay. */
export async function isStillThere(
  sources: Pick<ObjectStore, 'head'>,
  bucket: string,
  location: string,
): Promise<boolean> {
  const other = otherBucket(location);
  if (other === undefined || other.bucket === bucket) return isInBucket(sources, bucket, location);
  try {
    return (await sources.head(location)) !== undefined;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'no-input') return true;
    throw error;
  }
}

async function* listed(
  store: Pick<ObjectStore, 'list'>,
  { bucket, key: prefix }: { readonly bucket: string; readonly key: string },
): ReturnType<ObjectStore['list']> {
  const objects = store.list(prefix)[Symbol.asyncIterator]();
  const next = () => reading(sourceInBucket(bucket, prefix), () => objects.next());
  for (let each = await next(); !each.done; each = await next()) {
    yield { ...each.value, key: sourceInBucket(bucket, each.value.key) };
  }
}

/** Reads in another bucket. What S3 refuses there is thrown as `no-input`, with what its owner or this stage has to change. */
async function reading<T>(source: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    if (refusal === 'InvalidObjectState') throw cannotBeRead(source);
    const reason = `${source} cannot be read (${refusal}): its bucket has to lie in the stage's region, stand in its setting sourceBuckets and let this account read`;
    throw new ServiceError('no-input', reason, ofAll(refusal), { cause: error });
  }
}

/** The refusals that are about one object, or about who may read it. Others (expired credentials, a clock that is off) pass. */
const OF_THE_OBJECT = /^(AccessDenied|Forbidden|InvalidRequest|BadRequest|InvalidObjectState|KMS\..*|status 40[03])$/;

/** Reads in the stage's own bucket. What S3 refuses of one source is thrown as `no-input`, with what has to be changed. */
async function readingOwn<T>(source: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || !OF_THE_OBJECT.test(refusal)) throw error;
    const reason =
      refusal === 'InvalidObjectState'
        ? `${source} lies in an archive class by now; retry its job, which has it restored`
        : `S3 refuses to give ${source} (${refusal}): a policy, a key of yours, or a key that was sent along with it keeps this stage from it; change that, and drop it again`;
    throw new ServiceError('no-input', reason, ofAll(refusal), { cause: error });
  }
}

/** `aws` in the details means that every other object is refused too, so that nobody need ask for them. */
const ofAll = (refusal: string) =>
  /^(InvalidRequest|BadRequest|InvalidObjectState|KMS\..*)$/.test(refusal) ? {} : { aws: refusal };

const cannotBeRead = (source: string) =>
  new ServiceError(
    'no-input',
    `${source} lies in an archive class, in a bucket that is only read here; have it restored there, and backfill it again`,
  );
