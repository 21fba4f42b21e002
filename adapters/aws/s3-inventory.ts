import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { csvRows } from '../../core/archive/csv.ts';
import { type Inventory, inventoryFrom, inventoryKey } from '../../core/archive/inventory.ts';
import { ServiceError } from '../../core/errors.ts';
import { awsFailure } from './aws-failure.ts';
import { asPerson } from './refusal.ts';

/** Reads the manifest.json of an inventory. Throws `bad-input` if it is none, or of another bucket than `bucket`. */
export async function readInventory(
  client: S3Client,
  at: { readonly bucket: string; readonly key: string },
  bucket: string,
): Promise<Inventory> {
  const name = `s3://${at.bucket}/${at.key}`;
  const command = new GetObjectCommand({ Bucket: at.bucket, Key: at.key });
  const { Body } = await asPerson(`reading ${name}`, () => client.send(command));
  const inventory = inventoryFrom((await Body?.transformToString()) ?? '', name);
  if (inventory.bucket === bucket) return inventory;
  throw new ServiceError(
    'bad-input',
    `${name} lists the bucket ${inventory.bucket}, and not ${bucket}; name an inventory of ${bucket}`,
  );
}

/** Gives the keys of an inventory as they come. Throws `bad-input` where a list is not the one that its manifest names. */
export async function* inventoryKeys(client: S3Client, { lists, fields }: Inventory): AsyncGenerator<string> {
  for (const { bucket, key, md5 } of lists) {
    const name = `s3://${bucket}/${key}`;
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body } = await asPerson(`reading ${name}`, () => client.send(command));
    if (!(Body instanceof Readable)) throw new Error(`S3 gave no stream for ${name}`);
    const hash = createHash('md5');
    for await (const row of csvRows(unpacked(Body, (bytes) => hash.update(bytes), name))) {
      const found = inventoryKey(row, fields);
      if (found !== undefined) yield found;
    }
    if (hash.digest('hex') !== md5)
      throw new ServiceError(
        'bad-input',
        `${name} is not the list that the inventory names, since its MD5 is another one; take an inventory that is complete`,
      );
  }
}

/** What zlib says of bytes that are no gzip, or not all of it. */
const zlibError = z.object({ code: z.string().check(z.startsWith('Z_')) });

/** Unpacks gzip as it comes. A list that was cut off or damaged is refused. */
async function* unpacked(body: Readable, onBytes: (bytes: Buffer) => void, name: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  body.on('data', onBytes);
  const piped = pipeline(body, gunzip);
  piped.catch(() => {}); // the reader below gets the same error
  const decoder = new TextDecoder();
  try {
    for await (const chunk of gunzip) yield decoder.decode(chunk, { stream: true });
    await piped;
  } catch (error) {
    if (!zlibError.safeParse(error).success) throw awsFailure(error, `reading ${name}`);
    throw new ServiceError(
      'bad-input',
      `${name} is not a whole gzip file; take an inventory that is complete`,
      {},
      { cause: error },
    );
  }
  yield decoder.decode();
}
