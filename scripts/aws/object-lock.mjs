import { SetupError } from '../setup-error.mjs';

const DAY_MS = 86_400_000;
/** By its full word, because there is no way back: `--irrevocable compliance`. */
export const IRREVOCABLE = 'compliance';

/**
 * What S3 locks in a bucket by itself: undefined where the bucket cannot lock, no mode where it can but does not.
 * @typedef {{ mode?: 'governance' | 'compliance', days: number }} Lock
 */

/**
 * @param {string} Bucket
 * @param {string} region
 * @returns {Promise<Lock | undefined>}
 */
export async function lockOf(Bucket, region) {
  const { GetObjectLockConfigurationCommand, S3Client } = await import('@aws-sdk/client-s3');
  try {
    const { ObjectLockConfiguration } = await new S3Client({ region }).send(
      new GetObjectLockConfigurationCommand({ Bucket }),
    );
    if (ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') return undefined;
    const { Mode, Days, Years } = ObjectLockConfiguration.Rule?.DefaultRetention ?? {};
    if (!Mode) return { days: 0 };
    return { mode: Mode === 'COMPLIANCE' ? 'compliance' : 'governance', days: Days ?? 365 * (Years ?? 0) };
  } catch (error) {
    const isWithout = error instanceof Error && /^(ObjectLockConfigurationNotFound|NoSuchBucket)/.test(error.name);
    if (isWithout) return undefined;
    throw error;
  }
}

/**
 * Throws one sentence where a deploy would take Object Lock off a bucket, which S3 refuses, or would lock files for good
 * and nobody has said in so many words that they mean it.
 * @param {{ settings: Record<string, any>, bucket: string, irrevocable: unknown }} deploy
 */
export async function requireMeantLock({ settings, bucket, irrevocable }) {
  const { objectLock, objectLockDays, region } = settings;
  const now = await lockOf(bucket, region);
  if (objectLock === 'off' && now) {
    const hint = 'set objectLock to ready, which locks no new file';
    throw new SetupError(`${bucket} has Object Lock, which S3 takes off no bucket: ${hint}`, { exitCode: 64 });
  }
  const isNew = now?.mode !== 'compliance' || now.days < objectLockDays;
  if (objectLock !== 'compliance' || !isNew || irrevocable === IRREVOCABLE) return;
  throw new SetupError(
    `objectLock=compliance cannot be taken back: until ${objectLockDays} days after it came, nobody can delete a file of ${bucket}, neither the account's root user nor AWS, and it is paid for until then; --irrevocable compliance says that you mean it`,
    { exitCode: 64 },
  );
}

/**
 * Throws one sentence where S3 would keep files of a bucket that is to be emptied.
 * @param {string} bucket
 * @param {{ region: string, bypassGovernance: boolean }} how
 */
export async function requireUnlocked(bucket, { region, bypassGovernance }) {
  const lock = await lockOf(bucket, region);
  if (!lock?.mode || (lock.mode === 'governance' && bypassGovernance)) return;
  const newest = await newestOf(bucket, region);
  const until = new Date((newest?.getTime() ?? 0) + lock.days * DAY_MS);
  if (until.getTime() <= Date.now()) return;
  const way =
    lock.mode === 'compliance'
      ? 'nobody can end that earlier'
      : '--bypass-governance deletes them before, for whoever has the right s3:BypassGovernanceRetention';
  throw new SetupError(
    `${bucket} is locked: Object Lock (${lock.mode}, ${lock.days} days) keeps files in it until ${until.toISOString().slice(0, 10)}, and ${way}; nothing was removed`,
    { exitCode: 73 },
  );
}

/**
 * When the last version of any file came.
 * @param {string} Bucket
 * @param {string} region
 */
async function newestOf(Bucket, region) {
  const { ListObjectVersionsCommand, S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({ region });
  /** @type {Date | undefined} */
  let newest;
  /** @type {{ KeyMarker?: string | undefined, VersionIdMarker?: string | undefined } | undefined} */
  let from = {};
  while (from) {
    /** @type {import('@aws-sdk/client-s3').ListObjectVersionsCommandOutput} */
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, ...from }));
    for (const { LastModified } of page.Versions ?? []) {
      if (LastModified && !(newest && newest > LastModified)) newest = LastModified;
    }
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return newest;
}
