import {
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { emptyBucket } from '../../../scripts/aws/emptying.mjs';
import { lockOf, requireMeantLock, requireUnlocked } from '../../../scripts/aws/object-lock.mjs';
import { requireReplicaBucket } from '../../../scripts/aws/replica-bucket.mjs';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { stageScript } from '../../support/stage-script.ts';

const region = 'us-east-1';
const LOCKED = 'reelmill-prod-media-123456789012-us-east-1';
const settings = { objectLock: 'off', objectLockDays: 30, region };
const inAYear = () => new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
const BEGUN = inAYear();

await describeOnMoto('Object Lock', () => {
  let server: AwsServer;
  let s3: S3Client;

  beforeAll(async () => {
    server = await motoServer();
    process.env.AWS_ENDPOINT_URL = server.endpoint;
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    for (const Bucket of [LOCKED, 'ready', 'soft']) {
      await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    }
    for (const Bucket of ['plain', 'versioned']) await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await locking(LOCKED, 'COMPLIANCE', 365);
    await locking('soft', 'GOVERNANCE', 10);
    for (const Bucket of [LOCKED, 'soft']) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'input/preserve/a.mov', Body: 'x' }));
    }
  });
  afterAll(async () => {
    delete process.env.AWS_ENDPOINT_URL;
    s3.destroy();
    await server.close();
  });

  const locking = (Bucket: string, Mode: 'COMPLIANCE' | 'GOVERNANCE', Days: number) =>
    s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days } } },
      }),
    );

  it('is read from a bucket as it is', async () => {
    expect(await lockOf(LOCKED, region)).toEqual({ mode: 'compliance', days: 365 });
    expect(await lockOf('soft', region)).toEqual({ mode: 'governance', days: 10 });
    expect(await lockOf('ready', region)).toEqual({ days: 0 });
    expect(await lockOf('plain', region)).toBeUndefined();
    expect(await lockOf('is-not-there', region)).toBeUndefined();
  });

  it.each([
    { objectLock: 'off', bucket: LOCKED, says: /which S3 takes off no bucket: set objectLock to ready/ },
    {
      objectLock: 'compliance',
      bucket: 'plain',
      says: /until 30 days after it came, nobody can delete a file of plain/,
    },
    { objectLock: 'compliance', bucket: 'soft', says: /--irrevocable compliance says that you mean it/ },
    { objectLock: 'compliance', objectLockDays: 366, bucket: LOCKED, says: /until 366 days/ },
  ])('a deploy with $objectLock over $bucket ends with a sentence', async ({ bucket, says, ...lock }) => {
    const asked = { settings: { ...settings, ...lock }, bucket, irrevocable: undefined };
    await expect(requireMeantLock(asked)).rejects.toThrow(says);
    const half = { ...asked, irrevocable: 'yes' };
    await expect(requireMeantLock(half)).rejects.toThrow(says);
  });

  it.each([
    { objectLock: 'off', bucket: 'plain' },
    { objectLock: 'off', bucket: 'is-not-there' },
    { objectLock: 'ready', bucket: LOCKED },
    { objectLock: 'governance', bucket: 'plain' },
    { objectLock: 'compliance', objectLockDays: 365, bucket: LOCKED },
    { objectLock: 'compliance', bucket: 'plain', irrevocable: 'compliance' },
  ])('a deploy with $objectLock over $bucket goes on where nothing is lost by it', async (given) => {
    const { bucket, irrevocable, ...lock } = { irrevocable: undefined, ...given };
    await requireMeantLock({ settings: { ...settings, ...lock }, bucket, irrevocable });
  });

  it('a locked bucket is not emptied: who wants that is told until when it is locked', async () => {
    const refused = await requireUnlocked(LOCKED, { region, bypassGovernance: true }).catch((error: unknown) => error);
    const until = `(${BEGUN}|${inAYear()})`; // midnight may have come meanwhile
    expect(String(refused)).toMatch(
      new RegExp(
        `Object Lock \\(compliance, 365 days\\) keeps files in it until ${until}, and nobody can end that earlier; nothing was removed`,
      ),
    );
    await expect(emptyBucket(s3, LOCKED)).rejects.toThrow(/input\/preserve\/a\.mov stays: AccessDenied/);
  });

  it('governance is ended by whoever says so and has the right to', async () => {
    await expect(requireUnlocked('soft', { region, bypassGovernance: false })).rejects.toThrow(/--bypass-governance/);
    await requireUnlocked('soft', { region, bypassGovernance: true });
    expect(await emptyBucket(s3, 'soft', { bypassGovernance: true })).toBe(1);
  });

  it('a bucket that locks, but in which nothing is, goes as any other', async () => {
    for (const bucket of ['ready', 'plain', 'is-not-there']) {
      await requireUnlocked(bucket, { region, bypassGovernance: false });
    }
  });

  it.each([
    {
      replicaBucket: 'is-not-there',
      objectLock: 'off',
      says: /is not there in eu-west-1; resources\/replica-bucket\.yml makes it/,
    },
    { replicaBucket: 'plain', objectLock: 'off', says: /keeps no versions/ },
    { replicaBucket: 'versioned', objectLock: 'ready', says: /has no Object Lock/ },
  ])('copies to $replicaBucket are refused before a deploy', async ({ says, ...of }) => {
    const stage = { ...settings, ...of, replicaRegion: 'eu-west-1' };
    await expect(requireReplicaBucket({ stage: 'prod', settings: stage })).rejects.toThrow(says);
  });

  it.each([
    { replicaBucket: '', objectLock: 'off' },
    { replicaBucket: 'versioned', objectLock: 'off' },
    { replicaBucket: 'ready', objectLock: 'governance' },
  ])('copies to "$replicaBucket" are taken', async (of) => {
    await requireReplicaBucket({ stage: 'prod', settings: { ...settings, ...of, replicaRegion: 'eu-west-1' } });
  });

  it('destroy removes nothing of a locked stage', async () => {
    const tag = {
      TagSet: [
        { Key: 'project', Value: 'reelmill' },
        { Key: 'stage', Value: 'prod' },
      ],
    };
    await s3.send(new PutBucketTaggingCommand({ Bucket: LOCKED, Tagging: tag }));
    const env = { ...process.env, AWS_ENDPOINT_URL: server.endpoint };
    const { code, stderr } = await stageScript('destroy', ['--stage', 'prod', '--yes'], env);
    expect([code, stderr]).toEqual([73, expect.stringContaining('nothing was removed')]);
  });
});
