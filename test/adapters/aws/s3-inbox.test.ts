import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3Inbox } from '../../../adapters/aws/s3-inbox.ts';
import { inboxContract } from '../../contracts/inbox.ts';
import { type AwsServer, fauxqsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

describe('on fauxqs', () => inboxTests('a bucket', fauxqsServer, false));
await describeOnMoto('the S3 inbox', () => {
  inboxTests('a bucket', motoServer, false);
  inboxTests('a bucket with versions', motoServer, true);
});

function inboxTests(name: string, start: () => Promise<AwsServer>, isVersioned: boolean): void {
  inboxContract(name, async () => {
    const server = await start();
    const client = new S3Client(bucketOptions(optionsFor(server)));
    const Bucket = 'media';
    await client.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    if (isVersioned) await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    return {
      inbox: s3Inbox(client, Bucket),
      async drop(Key, Body, settings = {}) {
        const asked = Object.entries(settings).map(([setting, value]) => [`reelmill-${setting}`, `${value}`]);
        await client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: Object.fromEntries(asked) }));
      },
      close: async () => {
        client.destroy();
        await server.close();
      },
    };
  });

  it(`${name} tells the same bytes with other settings from those before, however soon they come`, async () => {
    const server = await start();
    const client = new S3Client(bucketOptions(optionsFor(server)));
    try {
      await client.send(new CreateBucketCommand({ Bucket: 'twice' }));
      const versions = new Set<string | undefined>();
      for (const Metadata of [{}, { 'reelmill-crf': '24' }, { 'reelmill-crf': '26' }] as Record<string, string>[]) {
        await client.send(new PutObjectCommand({ Bucket: 'twice', Key: 'input/a.mov', Body: 'the same', Metadata }));
        versions.add((await s3Inbox(client, 'twice').inspect('input/a.mov'))?.version);
      }
      expect(versions.size).toBe(3);
    } finally {
      client.destroy();
      await server.close();
    }
  });
}
