import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3Media } from '../../../adapters/aws/s3-media.ts';
import { mediaObjectsContract } from '../../contracts/media-objects.ts';
import { type AwsServer, fauxqsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const signal = new AbortController().signal;
const Bucket = 'media';

async function bucket(start: () => Promise<AwsServer>) {
  const server = await start();
  const client = new S3Client(bucketOptions(optionsFor(server)));
  await client.send(new CreateBucketCommand({ Bucket }));
  const put = (Key: string, Body: Uint8Array) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const close = async () => {
    client.destroy();
    await server.close();
  };
  return { client, put, close };
}

mediaObjectsContract('a bucket of fauxqs', async () => {
  const { client, put, close } = await bucket(fauxqsServer);
  return { objects: s3Media(client, Bucket), put: async (key, bytes) => void (await put(key, bytes)), close };
});

await describeOnMoto('a bucket with versions', () => {
  it('gives the version that is asked for, though there is a newer one', async () => {
    const { client, put, close } = await bucket(motoServer);
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const { VersionId: first } = await put('a.mp4', Buffer.from('first'));
    await put('a.mp4', Buffer.from('second one'));
    const read = async (version: string | undefined) => {
      const object = await s3Media(client, Bucket).open('a.mp4', version, signal);
      return object && Buffer.from(await object.read(0, object.bytes, signal)).toString();
    };
    expect([await read(first), await read(undefined)]).toEqual(['first', 'second one']);
    await close();
  });
});
