import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { optionsFor } from '../support/aws-servers.ts';
import { makeClip } from '../support/clip.ts';
import { describeOnRclone } from '../support/on-rclone.ts';
import { reelmill, runReelmill, startReelmill } from '../support/reelmill.ts';
import { s3ForRclone } from '../support/s3-for-rclone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('reelmill archive', () => {
  it('verifies what run published, names what is bad, and writes a bag of what is good', async () => {
    const folder = await temporaryFolder();
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 1 });
    const out = join(folder, 'out');
    const { folder: results, manifest } = await runReelmill(clip, { out });
    const verified = await reelmill(['archive', 'verify', out, '--deep', '--json']);
    expect(verified).toMatchObject({
      code: 0,
      last: { type: 'archive.verified', counts: { good: 1 }, extra: [], faults: [] },
    });
    const bag = join(folder, 'bag');
    const exported = await reelmill([
      'archive',
      'export',
      join(results, 'manifest.json'),
      '--source',
      clip,
      '--bagit',
      bag,
      '--json',
    ]);
    expect(exported).toMatchObject({ code: 0, last: { type: 'archive.exported', folder: bag, files: 3 } });
    const [rendition] = manifest.renditions;
    const published = join(results, rendition?.path ?? '');
    const bytes = await readFile(published);
    bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 16);
    const { mtime } = await stat(published);
    await writeFile(published, bytes);
    await utimes(published, mtime, mtime);
    const corrupt = await startReelmill(['archive', 'verify', out]).ended;
    expect(corrupt.code).toBe(65);
    expect(corrupt.stdout).toMatch(
      /^corrupt +\S+: its bytes are not the published ones, and by its time nobody wrote it since$/m,
    );
  });

  it.each([
    [64, ['verify', '.', '--sample', '101%'], '--sample 101% is not a share of the archive; it takes 0.1% to 100%'],
    [66, ['verify', '/nowhere/at/all'], '/nowhere/at/all is not a folder; name a folder of results'],
    [
      64,
      ['sync', 'a', 'b'],
      'name a folder and a place in a bucket: reelmill archive sync ~/archive s3://bucket/prefix',
    ],
    [64, ['sync', 'a', 's3://b'], '"s3://b" is not a place in a bucket; it is written as s3://bucket/prefix'],
    [64, ['sync', '.', 's3://bucket/x', '--part-size', '4'], '--part-size 4 is out of range; it takes 5 to 5120'],
    [
      64,
      ['sync', 's3://bucket/x', '.', '--delete'],
      '--delete deletes in a bucket only; files of a folder are never deleted here',
    ],
    [64, ['mount', 's3://bucket/x', 'm', '--cache-size', '5'], '--cache-size 5 is not a size; it is written as 50G'],
    [
      64,
      ['export', 'manifest.json', '--bagit', 'b'],
      'give either --source FILE, so that the bag holds the source too, or --without-source',
    ],
  ])('ends with %i and a sentence for %j', async (code, args, sentence) => {
    expect(await startReelmill(['archive', ...args]).ended).toMatchObject({
      code,
      stderr: `reelmill: ${sentence}\n`,
    });
  });
});

describe('reelmill archive sync on a machine that lacks something', () => {
  const aws = ['AWS_ACCESS_KEY_ID=a', 'AWS_SECRET_ACCESS_KEY=b', 'AWS_CONFIG_FILE=/dev/null', 'HOME=/nowhere'];
  const install = 'apt-get install rclone | brew install rclone | winget install Rclone.Rclone';
  const region = 'AWS_REGION=us-east-1';
  it.each([
    {
      what: 'no rclone',
      code: 69,
      rclone: undefined,
      more: [region],
      says: `rclone is not on this machine: ${install}`,
    },
    {
      ...{ what: 'an old rclone', code: 69, rclone: 'rclone v1.53.3', more: [region] },
      says: `rclone 1.53 is too old; 1.60 or later is needed: ${install}`,
    },
    {
      ...{ what: 'no region', code: 64, rclone: 'rclone v1.60.1', more: [] },
      says: 'no region is known: give --region, or set AWS_REGION',
    },
  ])('ends with one sentence where there is $what', async ({ code, rclone, more, says }) => {
    const folder = await temporaryFolder();
    if (rclone !== undefined) await writeFile(join(folder, 'rclone'), `#!/bin/sh\necho "${rclone}"\n`, { mode: 0o755 });
    const under = ['env', '-i', `PATH=${folder}`, ...aws, ...more];
    const ended = await startReelmill(['archive', 'sync', folder, 's3://films/x'], { under }).ended;
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: `reelmill: ${says}\n` });
  });
});

await describeOnRclone('reelmill archive sync', () => {
  let server: Awaited<ReturnType<typeof s3ForRclone>>;
  let client: S3Client;
  let folder: string;

  beforeAll(async () => {
    server = await s3ForRclone();
    client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket: 'films' }));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  const put = async (path: string, bytes: string | Uint8Array, when?: Date) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
    if (when) await utimes(join(folder, path), when, when);
  };
  const objectsIn = async (prefix: string) => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'films', Prefix: `${prefix}/` }));
    return Contents.map(({ Key = '' }) => Key.slice(prefix.length + 1)).filter((key) => !key.endsWith('SHA256SUMS'));
  };
  const objectAt = async (key: string) =>
    (await client.send(new GetObjectCommand({ Bucket: 'films', Key: key }))).Body?.transformToString();
  const sync = (from: string, to: string, ...more: string[]) =>
    reelmill(['archive', 'sync', from, to, '--endpoint', server.endpoint, '--json', '--part-size', '5', ...more]);

  it('brings 200 files there and back through a kill in the middle, and sends nothing twice that was there', async () => {
    const size = (i: number) => (i % 50 === 0 ? 11_000_000 : 200 + i);
    for (let i = 0; i < 200; i++) await put(`tree ${i % 7}/ü[${i}]*.mp4`, randomBytes(size(i)));
    const killed = startReelmill([
      ...['archive', 'sync', folder, 's3://films/killed', '--endpoint', server.endpoint],
      ...['--part-size', '5', '--transfers', '4'],
    ]);
    let puts = 0;
    server.onRequest((line) => {
      if (!line.startsWith('PUT') || ++puts < 80) return undefined;
      killed.child.kill('SIGKILL');
      return new Promise(() => {}); // nothing more arrives, however long its rclone outlives it
    });
    expect((await killed.ended).signal).toBe('SIGKILL');
    server.onRequest(() => {});
    const before = (await objectsIn('killed')).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(200);
    const up = await sync(folder, 's3://films/killed');
    expect(up).toMatchObject({ code: 0, last: { problems: [], verified: { byEtag: 200, byReading: 0 } } });
    const sent: unknown = Object(up.last?.sent).files;
    expect(sent).toBeLessThanOrEqual(200 - before + 8); // those in flight when it was killed

    const copy = join(await temporaryFolder(), 'copy');
    expect(await sync('s3://films/killed', copy)).toMatchObject({ code: 0, last: { problems: [] } });
    const hashes = async (root: string) => {
      const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.mp4')).toSorted();
      const of = async (name: string) =>
        createHash('sha256')
          .update(await readFile(join(root, name)))
          .digest('hex');
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await of(name)] as const)));
    };
    const [there, back] = [await hashes(folder), await hashes(copy)];
    expect(Object.keys(back)).toHaveLength(200);
    expect(back).toEqual(there);
  });

  it('sends a file that is other but older than what the bucket has, which rclone alone would not', async () => {
    await put('a.mp4', 'first version');
    expect((await sync(folder, 's3://films/older')).code).toBe(0);
    await put('a.mp4', 'other version', new Date('2001-01-01'));
    expect(await sync(folder, 's3://films/older')).toMatchObject({ code: 0, last: { verified: { byEtag: 1 } } });
    expect(await objectAt('older/a.mp4')).toBe('other version');
  });

  it('finds and mends an object that is not what was sent', async () => {
    await put('a.mp4', 'good bytes');
    await sync(folder, 's3://films/mended');
    await client.send(new PutObjectCommand({ Bucket: 'films', Key: 'mended/a.mp4', Body: 'bad  bytes' }));
    expect(await sync(folder, 's3://films/mended')).toMatchObject({ code: 0, last: { problems: [] } });
    expect(await objectAt('mended/a.mp4')).toBe('good bytes');
  });

  it('deletes nothing without --delete and a confirmation, and then what it named', async () => {
    await put('a.mp4', 'a');
    await put('b.mp4', 'b');
    await sync(folder, 's3://films/deleted');
    await rm(join(folder, 'b.mp4'));
    expect(await sync(folder, 's3://films/deleted')).toMatchObject({ code: 0, last: { deleted: 0 } });
    const unconfirmed = await sync(folder, 's3://films/deleted', '--delete');
    expect(unconfirmed).toMatchObject({ code: 64, last: { type: 'job.failed', code: 'usage' } });
    expect(await objectsIn('deleted')).toEqual(['a.mp4', 'b.mp4']);
    expect(await sync(folder, 's3://films/deleted', '--delete', '--yes')).toMatchObject({
      code: 0,
      last: { deleted: 1 },
    });
    expect(await objectsIn('deleted')).toEqual(['a.mp4']);
  });

  it('only tells in a dry run, and leaves work and pieces where they are', async () => {
    await put('a.mp4', 'a');
    await put('.reelmill/work/cache/piece', 'p');
    const { code, last } = await sync(folder, 's3://films/dry', '--dry-run');
    expect({ code, last }).toMatchObject({
      code: 0,
      last: { type: 'archive.preview', files: 1, toSend: { files: 1 } },
    });
    expect(await objectsIn('dry')).toEqual([]);
    await sync(folder, 's3://films/dry');
    expect(await objectsIn('dry')).toEqual(['a.mp4']);
  });

  it('refuses an empty folder, which --delete would copy to the bucket, and a bucket that is not there', async () => {
    expect(await sync(folder, 's3://films/empty', '--delete', '--yes')).toMatchObject({
      code: 66,
      last: { code: 'no-input' },
    });
    await put('a.mp4', 'a');
    expect(await sync(folder, 's3://no-such-bucket/x')).toMatchObject({
      code: 66,
      last: {
        reason:
          'the bucket no-such-bucket cannot be listed (NoSuchBucket); check its name, region and your permissions',
      },
    });
  });
});
