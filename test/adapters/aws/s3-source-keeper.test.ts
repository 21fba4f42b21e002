import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../../adapters/aws/s3-settings.ts';
import { s3SourceKeeper } from '../../../adapters/aws/s3-source-keeper.ts';
import { sourceKeeperContract } from '../../contracts/source-keeper.ts';
import { optionsFor } from '../../support/aws-servers.ts';
import { type S3WithSums, s3WithSums, sumOf } from '../../support/s3-with-sums.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();

describe('a bucket that keeps sources', () => {
  let server: S3WithSums;
  let client: S3Client;
  let buckets = 0;
  beforeAll(async () => {
    server = await s3WithSums();
    client = new S3Client(bucketOptions(optionsFor(server)));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  const open = async () => {
    const bucket = `kept-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    const settings = { ...S3_DEFAULTS, client, bucket, scratch: await temporaryFolder() };
    const store = s3ObjectStore(settings);
    return { bucket, keeper: s3SourceKeeper(settings), sources: store, outputs: store };
  };
  sourceKeeperContract(open);

  it.each(['STANDARD_IA', 'GLACIER_IR', 'DEEP_ARCHIVE'])('has S3 copy to %s itself, once', async (storageClass) => {
    const { bucket, keeper, sources } = await open();
    await sources.write('input/a.mov', 'the film', 'video/mp4');
    const sums = { bytes: 8, sha256: '', crc64nvme: await sumOf(Buffer.from('the film')) };
    const keeping = { source: 'input/a.mov', key: 'output/source/a.mov', sums, storageClass };
    server.heard.length = 0;
    expect(await keeper.keep(keeping, signal)).toEqual({ storageClass });
    expect(await keeper.keep(keeping, signal)).toEqual({ storageClass });
    expect(server.heard.filter((line) => !line.startsWith('HEAD'))).toEqual([`PUT /${bucket}/output/source/a.mov`]);
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: keeping.key }));
    expect(head).toMatchObject({ StorageClass: storageClass, ContentType: 'video/mp4' });
  });

  it.each([
    { what: 'in one request', largestCopyBytes: S3_DEFAULTS.largestCopyBytes, parts: 1 },
    { what: 'in parts, where it is too large for one', largestCopyBytes: 6 * 2 ** 20, parts: 2 },
  ])('has S3 copy a result itself $what, with its own type', async ({ largestCopyBytes, parts }) => {
    const { bucket, sources } = await open();
    const keeper = s3SourceKeeper({
      ...S3_DEFAULTS,
      client,
      bucket,
      scratch: await temporaryFolder(),
      largestCopyBytes,
    });
    const bytes = Buffer.alloc(7 * 2 ** 20, 'film');
    await sources.write('input/a.mov', bytes, 'binary/octet-stream');
    const sums = { bytes: bytes.length, sha256: '', crc64nvme: await sumOf(bytes) };
    server.heard.length = 0;
    const key = 'output/preserve/a.mov/preserve.mov';
    await keeper.publish({ source: 'input/a.mov', key, sums, contentType: 'video/quicktime' }, signal);
    const puts = server.heard.filter((line) => line.startsWith('PUT'));
    expect(puts).toHaveLength(parts);
    expect(server.heard.filter((line) => line.startsWith('GET'))).toEqual([]);
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    expect(head).toMatchObject({ ContentType: 'video/quicktime', ContentLength: bytes.length });
  });
});
