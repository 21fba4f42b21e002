import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../../adapters/aws/s3-settings.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { objectStoreContract } from '../../contracts/object-store.ts';
import { type AwsServer, fauxqsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { type FaultyProxy, FORBIDDEN, faultyProxy } from '../../support/faulty-proxy.ts';
import { sha256Of } from '../../support/hash.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const MIB = 2 ** 20;
const signal = new AbortController().signal;

/** What the servers cannot do. S3 can: each of these passes on the other one. */
const FAUXQS_GAPS = ['is in key order', 'copies in parts', 'compressed', 'tags'];
const MOTO_GAPS = ['keeps a name with a newline and a tab as it is'];

describe('a bucket that takes nothing', () => {
  let proxy: FaultyProxy;
  let server: AwsServer;
  beforeAll(async () => {
    server = await fauxqsServer();
    proxy = await faultyProxy(server);
    proxy.setFault(({ method }) => (method === 'GET' || method === 'HEAD' ? undefined : FORBIDDEN));
  });
  afterAll(() => proxy.close());

  it('is told of as such, and not as a bug', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-s3-'));
    const path = join(folder, 'film.mp4');
    await writeFile(path, 'a film');
    const client = new S3Client(bucketOptions(optionsFor(proxy)));
    const store = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: 'media', scratch: folder });
    const told = {
      code: 'cannot-write',
      message: expect.stringContaining('a policy forbids writing there'),
    };
    const key = 'output/preserve/a.mov/a.mp4';
    await expect(store.put(key, path, { contentType: 'video/mp4', signal })).rejects.toMatchObject(told);
    await expect(store.write('failed/a.json', Buffer.from('{}'), 'application/json')).rejects.toMatchObject(told);
    await expect(store.remove(key)).rejects.toMatchObject(told);
    client.destroy();
    await rm(folder, { recursive: true });
  });
});

describe('on fauxqs', () => s3Tests(fauxqsServer, FAUXQS_GAPS));
await describeOnMoto('the S3 object store', () => s3Tests(motoServer, MOTO_GAPS));

function s3Tests(start: () => Promise<AwsServer>, gaps: readonly string[]): void {
  let server: AwsServer;
  let client: S3Client;
  let scratch: string;
  let buckets = 0;

  beforeAll(async () => {
    server = await start();
    client = new S3Client(bucketOptions(optionsFor(server)));
    scratch = await mkdtemp(join(tmpdir(), 'reelmill-s3-'));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
    await rm(scratch, { recursive: true });
  });

  async function newBucket(): Promise<string> {
    const bucket = `reelmill-test-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return bucket;
  }

  const open = async () => {
    const store = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: await newBucket(), scratch });
    return { store, close: async () => {} };
  };
  objectStoreContract('a bucket', open, gaps);
  const knowing = (gap: string) => (gaps.includes(gap) ? it.failing : it);

  describe('a bucket', () => {
    let bucket: string;
    let store: ObjectStore;
    /** Parts as small as S3 allows, so that a small file has several. */
    beforeAll(async () => {
      bucket = await newBucket();
      store = s3ObjectStore({ client, bucket, scratch, partBytes: 5 * MIB, largestCopyBytes: 5 * MIB });
    });

    const bytes = randomBytes(12 * MIB + 1);
    const fetchedHash = async (key: string) => {
      const file = await store.fetch(key, signal);
      const hash = sha256Of(await readFile(file.path));
      await file.release();
      return hash;
    };

    /** The client, which tells of each command before it is sent. */
    const telling = (tell: (command: object, signal: AbortSignal | undefined) => void) =>
      new Proxy(client, {
        get: (target, name) => {
          if (name !== 'send') return Reflect.get(target, name);
          return (command: HeadObjectCommand, options?: { readonly abortSignal?: AbortSignal }) => {
            tell(command, options?.abortSignal);
            return target.send(command, options);
          };
        },
      });

    it('sends and gets in parts what is larger than one', async () => {
      const path = join(scratch, 'large');
      await writeFile(path, bytes);
      await store.put('output/large.mp4', path, { contentType: 'video/mp4', signal });
      expect(await fetchedHash('output/large.mp4')).toBe(sha256Of(bytes));
    });

    it('gets many parts at once without so many listeners on one signal that node warns of a leak', async () => {
      const signals: AbortSignal[] = [];
      const most: number[] = [];
      const watched = telling((_, of) => {
        if (of) signals.push(of);
        most.push(...signals.map((each) => getEventListeners(each, 'abort').length));
      });
      const small = s3ObjectStore({ ...S3_DEFAULTS, client: watched, bucket, scratch, partBytes: MIB / 4 });
      const file = await small.fetch('output/large.mp4', signal);
      await file.release();
      expect(signals.length).toBeGreaterThan(40);
      expect(Math.max(...most)).toBeLessThan(10);
    });

    knowing('copies in parts')('copies in parts what is too large for one request', async () => {
      await store.copy('output/large.mp4', 'output/copied %41+.mp4');
      expect(await fetchedHash('output/copied %41+.mp4')).toBe(sha256Of(bytes));
      const at = { Bucket: bucket, Key: 'output/copied %41+.mp4' };
      expect(await client.send(new HeadObjectCommand(at))).toMatchObject({ ContentType: 'video/mp4' });
    });

    it('leaves no part behind, and no object, when it is interrupted', async () => {
      const path = join(scratch, 'interrupted');
      await writeFile(path, randomBytes(40 * MIB));
      const interruption = new AbortController();
      const interrupted = telling((command) => {
        if (command instanceof UploadPartCommand) setImmediate(() => interruption.abort());
      });
      const inParts = s3ObjectStore({ ...S3_DEFAULTS, client: interrupted, bucket, scratch, partBytes: 5 * MIB });
      const putting = inParts.put('output/interrupted.mp4', path, {
        contentType: 'video/mp4',
        signal: interruption.signal,
      });
      await expect(putting).rejects.toMatchObject({ code: 'interrupted' });
      expect(await store.head('output/interrupted.mp4')).toBeUndefined();
      const { Uploads = [] } = await eventually(
        () => client.send(new ListMultipartUploadsCommand({ Bucket: bucket })),
        (answer) => (answer.Uploads ?? []).length === 0,
      );
      expect(Uploads).toEqual([]);
    });

    it('leaves nothing on the disk of what it could not fetch or was released', async () => {
      const file = await store.fetch('output/large.mp4', signal);
      await file.release();
      await expect(store.fetch('output/large.mp4', AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
      const interruption = new AbortController();
      const interrupted = telling((command) => {
        if (command instanceof GetObjectCommand) setImmediate(() => interruption.abort());
      });
      const begun = s3ObjectStore({ ...S3_DEFAULTS, client: interrupted, bucket, scratch });
      const fetching = begun.fetch('output/large.mp4', interruption.signal);
      await expect(fetching).rejects.toMatchObject({ code: 'interrupted' });
      expect((await readdir(scratch)).filter((name) => name.startsWith('fetched-'))).toEqual([]);
    });

    const ledger = '{"a":1}'.repeat(100);
    const encodingOf = async (key: string) => {
      await store.write(key, ledger, 'application/json');
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentEncoding;
    };

    knowing('compressed')('stores plans and ledgers compressed, and reads them as they were', async () => {
      expect(await encodingOf('work/job/plan.json')).toBe('gzip');
      expect(await encodingOf('cache/ab/ledger.jsonl')).toBe('gzip');
      expect(Buffer.from((await store.read('cache/ab/ledger.jsonl')) ?? []).toString()).toBe(ledger);
    });

    it.each([
      'output/preserve/a.mov/manifest.json',
      'output/preserve/work/plan.json',
      'work/job/fan-out.json',
      'work/piece.nut',
    ])('stores %s as it is', async (key) => {
      expect(await encodingOf(key)).toBeUndefined();
      expect(Buffer.from((await store.read(key)) ?? []).toString()).toBe(ledger);
    });

    knowing('tags')('leaves tags behind when it copies, which no task may read or write', async () => {
      const Key = 'output/preserve/copy.mp4';
      for (const [i, size] of [8, 6 * MIB].entries()) {
        const tagged = { Bucket: bucket, Key: `output/preserve/${i}.mp4`, Tagging: 'house=yes' };
        await client.send(new PutObjectCommand({ ...tagged, Body: Buffer.alloc(size) }));
        await store.copy(tagged.Key, Key);
        expect((await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key }))).TagSet).toEqual([]);
      }
    });

    it('tells a bucket that is not there from an object that is not', async () => {
      const nowhere = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: 'no-such-bucket', scratch });
      await expect(nowhere.read('a.json')).rejects.toThrow(/NoSuchBucket|bucket does not exist/);
    });
  });
}

/** Asks until the answer is enough: what was on its way at an interruption may arrive for a while yet. */
async function eventually<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
  }
}
