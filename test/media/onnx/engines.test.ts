import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../../adapters/aws/s3-settings.ts';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { testPicture } from '../../../media/onnx/contract-pictures.ts';
import { type Engines, engines } from '../../../media/onnx/engines.ts';
import { decodeModel, encodeModel } from '../../../media/onnx/model-file.ts';
import { attributeOf, ELEMENT } from '../../../media/onnx/onnx-model.ts';
import { openSession } from '../../../media/onnx/ort-session.ts';
import { rgbModel } from '../../../media/onnx/rgb-model.ts';
import { openUpscaler } from '../../../media/onnx/upscaler.ts';
import { type AwsServer, fauxqsServer, optionsFor } from '../../support/aws-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { enlarged, untagged } from './frames.ts';
import { linear, made, repeating } from './networks.ts';

const gpu = { name: 'Tesla T4', driver: '580.82.07', computeCapability: '7.5' };
const tools = { onnxruntime: '1.30.0', tensorrt: '10.14.1.48' };
const network = rgbModel('test', repeating);

/** Replaces TensorRT's compiler: records how it was called, and makes an engine from its input. */
async function compiler(how = 'cp "$from" "$to"') {
  const folder = await temporaryFolder();
  const path = join(folder, 'trtexec');
  const script = [
    '#!/bin/sh',
    `echo "$*" >> ${folder}/calls`,
    'for each; do case $each in --onnx=*) from="$each";; --saveEngine=*) to="$each";; esac; done',
    'from=$(expr "$from" : "--onnx=\\(.*\\)"); to=$(expr "$to" : "--saveEngine=\\(.*\\)")',
    how,
  ];
  await writeFile(path, `${script.join('\n')}\n`, { mode: 0o755 });
  const calls = () =>
    readFile(join(folder, 'calls'), 'utf8').then(
      (text) => text.trim().split('\n'),
      () => [],
    );
  return { path, calls };
}

const engineIn = (bytes: Uint8Array | undefined) => {
  const [holder] = decodeModel(bytes ?? new Uint8Array(0), 'the engine').graph.node;
  return Buffer.from((holder && attributeOf(holder, 'ep_cache_context')?.s) ?? []);
};

describe('engines', () => {
  let server: AwsServer;
  let client: S3Client;
  beforeAll(async () => {
    server = await fauxqsServer();
    client = new S3Client(bucketOptions(optionsFor(server)));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  let buckets = 0;
  const stores: Readonly<Record<string, () => Promise<ObjectStore>>> = {
    bucket: async () => {
      const bucket = `cache-${buckets++}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return s3ObjectStore({ ...S3_DEFAULTS, client, bucket, scratch: await temporaryFolder() });
    },
    folder: async () => folderStore(await temporaryFolder()),
  };

  describe.each(Object.keys(stores))('in a %s', (kind) => {
    const empty = () => stores[kind]?.() ?? Promise.reject(new Error(`no store ${kind}`));
    const keysIn = async (store: ObjectStore) => {
      const keys: string[] = [];
      for await (const { key } of store.list('engines/')) keys.push(key);
      return keys;
    };

    it('are compiled once, and then fetched by every machine with the same card', async () => {
      const [store, { path, calls }] = [await empty(), await compiler()];
      const first = await engines({ gpu, tools, store, trtexec: path }).compiled(network, false);
      const second = await engines({ gpu, tools, store, trtexec: path }).compiled(network, false);
      expect([first?.isNew, second?.isNew]).toEqual([true, false]);
      expect(engineIn(second?.network)).toEqual(Buffer.from(encodeModel(network)));
      expect(await calls()).toEqual([expect.stringMatching(/^--onnx=\S+ --saveEngine=\S+ --skipInference$/)]);
      expect(await keysIn(store)).toEqual([expect.stringMatching(/^engines\/tesla-t4\//)]);
    });

    it('are compiled again for another driver or another window size', async () => {
      const [store, { path, calls }] = [await empty(), await compiler()];
      await engines({ gpu, tools, store, trtexec: path }).compiled(network, false);
      await engines({ gpu: { ...gpu, driver: '581.1' }, tools, store, trtexec: path }).compiled(network, false);
      await engines({ gpu, tools, store, trtexec: path }).compiled(rgbModel('test', linear), false);
      expect(await calls()).toHaveLength(3);
      expect(await keysIn(store)).toHaveLength(3);
    });

    it.each([
      { what: 'broken', anew: false },
      { what: 'not wanted', anew: true },
    ])('that are $what are discarded and compiled again', async ({ anew }) => {
      const [store, { path, calls }] = [await empty(), await compiler()];
      const known = engines({ gpu, tools, store, trtexec: path });
      await known.compiled(network, false);
      const [key = ''] = await keysIn(store);
      if (!anew) await store.write(key, 'not an engine, and not its hash', 'application/octet-stream');
      expect((await known.compiled(network, anew))?.isNew).toBe(true);
      expect((await known.compiled(network, false))?.isNew).toBe(false);
      expect(await calls()).toHaveLength(2);
    });

    it('are missing where the compiler fails, makes nothing or does not exist', async () => {
      const store = await empty();
      const poor = await Promise.all([compiler('exit 1'), compiler('exit 0')]);
      for (const trtexec of [...poor.map(({ path }) => path), '/nowhere/trtexec']) {
        expect(await engines({ gpu, tools, store, trtexec }).compiled(network, false)).toBeUndefined();
      }
      expect(await keysIn(store)).toEqual([]);
    });
  });
});

describe('onnxruntime, given a network that holds its engine', () => {
  it('knows the operation, and reports that no provider on a processor has it', async () => {
    const { path } = await compiler();
    const store = folderStore(await temporaryFolder());
    const compiled = await engines({ gpu, tools, store, trtexec: path }).compiled(network, false);
    const opened = openSession(compiled?.network ?? new Uint8Array(0), { device: 'cpu', threads: 1 });
    await expect(opened).rejects.toMatchObject({ message: expect.stringMatching(/EPContext/) });
  });
});

describe('an upscaler', () => {
  const setup = { width: 24, height: 16, pixelFormat: 'yuv420p' } as const;
  const frame = testPicture(setup);
  const input = (known: Engines) => ({
    ...made(repeating),
    ...{
      frames: { ...setup, colour: untagged },
      mostPixels: 1 << 20,
      device: 'cpu' as const,
      threads: 1,
      engines: known,
    },
  });
  const shown = async (known: Engines) => {
    const upscaler = await openUpscaler(input(known));
    const into = new Uint8Array(upscaler.frameBytes);
    await upscaler.enlarge([frame], [into]);
    await upscaler.close();
    return into;
  };

  it('runs its compiled network', async () => {
    const asked: boolean[] = [];
    const known: Engines = {
      compiled: async (plain, anew) => {
        asked.push(anew);
        return { network: encodeModel(plain), isNew: false };
      },
    };
    expect(await shown(known)).toEqual(await enlarged(made(repeating), setup, frame));
    expect(asked).toEqual([false]);
  });

  it('compiles networks for deeper samples without 16-bit integers', async () => {
    const deep = { ...setup, pixelFormat: 'yuv420p10le' } as const;
    const types: unknown[] = [];
    const known: Engines = {
      compiled: async ({ graph }) => {
        types.push(...[...graph.input, ...graph.output].map(({ type }) => type.tensorType?.elemType));
        return undefined;
      },
    };
    const upscaler = await openUpscaler({ ...input(known), frames: { ...deep, colour: untagged }, asBytes: true });
    await upscaler.close();
    expect(types).toEqual([ELEMENT.uint8, ELEMENT.uint8, ELEMENT.uint8, ELEMENT.uint8]);
  });

  it.each([
    { what: 'one that was kept, then the one that replaces it', isNew: false, asked: [false, true] },
    { what: 'a new one, which is not tried twice', isNew: true, asked: [false] },
  ])('runs without an engine that is refused: $what', async ({ isNew, asked }) => {
    const found: boolean[] = [];
    const refused: Engines = {
      compiled: async (_, anew) => {
        found.push(anew);
        return { network: new Uint8Array([1, 2, 3]), isNew };
      },
    };
    expect(await shown(refused)).toEqual(await enlarged(made(repeating), setup, frame));
    expect(found).toEqual(asked);
  });
});
