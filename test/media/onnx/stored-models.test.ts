import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../../adapters/aws/s3-settings.ts';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { storedModel } from '../../../media/onnx/stored-models.ts';
import { type AwsServer, fauxqsServer, optionsFor } from '../../support/aws-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { made, repeating } from './networks.ts';

const { model, file } = made(repeating);
const KEY = 'models/test/1.onnx';

describe('a model in a store', () => {
  let server: AwsServer;
  let client: S3Client;
  beforeAll(async () => {
    server = await fauxqsServer();
    client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket: 'media' }));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  /** The kinds of store: a bucket and a folder. */
  const stores: Readonly<Record<string, (bytes: Uint8Array | undefined) => Promise<ObjectStore>>> = {
    bucket: async (bytes) => {
      const bucket = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: 'media', scratch: await temporaryFolder() });
      if (bytes) await client.send(new PutObjectCommand({ Bucket: 'media', Key: KEY, Body: bytes }));
      else await bucket.remove(KEY);
      return bucket;
    },
    folder: async (bytes) => {
      const root = await temporaryFolder();
      await mkdir(join(root, 'models', 'test'), { recursive: true });
      if (bytes) await writeFile(join(root, KEY), bytes);
      return folderStore(root);
    },
  };

  describe.each(Object.keys(stores))('that is a %s', (kind) => {
    const holding = (bytes: Uint8Array | undefined) =>
      stores[kind]?.(bytes) ?? Promise.reject(new Error(`no store ${kind}`));
    const counted = (store: ObjectStore) => {
      let fetches = 0;
      const fetch: ObjectStore['fetch'] = (key, signal) => {
        fetches++;
        return store.fetch(key, signal);
      };
      return { store: { fetch }, fetches: () => fetches };
    };

    it('is fetched once for all tasks on the machine', async () => {
      const { store, fetches } = counted(await holding(file));
      const shared = join(await temporaryFolder(), 'not', 'there', 'yet');
      for (let task = 0; task < 3; task++) {
        expect(Buffer.from(await storedModel(model, KEY, { store, shared })).equals(file)).toBe(true);
      }
      expect(fetches()).toBe(1);
      expect(await readdir(shared)).toEqual([`${model.sha256}.onnx`]);
    });

    it('is complete for each of several tasks that fetch it at once', async () => {
      const store = await holding(file);
      const shared = await temporaryFolder();
      const all = await Promise.all(Array.from({ length: 8 }, () => storedModel(model, KEY, { store, shared })));
      for (const bytes of all) expect(Buffer.from(bytes).equals(file)).toBe(true);
      expect(await readdir(shared)).toEqual([`${model.sha256}.onnx`]);
      expect(await readFile(join(shared, `${model.sha256}.onnx`))).toEqual(Buffer.from(file));
    });

    it("is fetched again where the machine's copy is corrupt", async () => {
      const { store, fetches } = counted(await holding(file));
      const shared = await temporaryFolder();
      await writeFile(join(shared, `${model.sha256}.onnx`), file.subarray(0, 10));
      expect(Buffer.from(await storedModel(model, KEY, { store, shared })).equals(file)).toBe(true);
      expect(fetches()).toBe(1);
      await storedModel(model, KEY, { store, shared });
      expect(fetches()).toBe(1);
    });

    it('is used where the shared folder cannot be written', async () => {
      const store = await holding(file);
      const shared = join(await temporaryFolder(), 'a-file');
      await writeFile(shared, '');
      expect(Buffer.from(await storedModel(model, KEY, { store, shared })).equals(file)).toBe(true);
    });

    it.each([
      { what: 'missing', bytes: undefined, code: 'no-input' },
      { what: 'another file', bytes: new Uint8Array([1, 2, 3]), code: 'bad-input' },
    ])('is refused with $code where it is $what, and is not kept', async ({ bytes, code }) => {
      const store = await holding(bytes);
      const shared = await temporaryFolder();
      await expect(storedModel(model, KEY, { store, shared })).rejects.toMatchObject({ code });
      expect(await readdir(shared)).toEqual([]);
    });
  });
});
