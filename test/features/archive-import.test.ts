import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bucketOptions, clientOptions, documentOptions } from '../../adapters/aws/client-options.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { s3Inbox } from '../../adapters/aws/s3-inbox.ts';
import { importResults } from '../../cli/archive/import.ts';
import { jobIdOf } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { smallFile } from '../../core/small-file.ts';
import { manifestFixture } from '../fixtures/manifest.ts';
import { type AwsServer, dynaliteServer, optionsFor } from '../support/aws-servers.ts';
import { makeClip } from '../support/clip.ts';
import { newJobsTable } from '../support/jobs-table.ts';
import { eventsIn, reelmill, runReelmill } from '../support/reelmill.ts';
import { type S3WithSums, s3WithSums } from '../support/s3-with-sums.ts';
import { STAGE, stageInBuckets } from '../support/stage-in-buckets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILM = 'the bytes of a film';

describe('reelmill archive import --stage', () => {
  let server: S3WithSums;
  let documents: AwsServer;
  let client: S3Client;
  let db: DynamoDBDocumentClient;
  let jobs: JobStore;

  beforeAll(async () => {
    documents = await dynaliteServer();
    const stage = stageInBuckets({ created: '', status: 'Complete' });
    server = await s3WithSums(async (request, body, behind, headers) => {
      const target = headers['x-amz-target'];
      if (target === undefined) return stage(request, body, behind, headers);
      const types = { 'x-amz-target': String(target), 'content-type': String(headers['content-type']) };
      const sent = {
        method: 'POST',
        body,
        headers: {
          ...types,
          authorization: String(headers.authorization),
          'x-amz-date': String(headers['x-amz-date']),
        },
      };
      const answer = await fetch(documents.endpoint, sent);
      return { status: answer.status, xml: await answer.text() };
    });
    client = new S3Client(bucketOptions(optionsFor(server)));
    db = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(documents))), documentOptions);
    STAGE.table = await newJobsTable(db);
    jobs = dynamoJobStore(db, STAGE.table);
    for (const Bucket of [STAGE.media, STAGE.logs]) await client.send(new CreateBucketCommand({ Bucket }));
    await put('input/preserve/there.mov', 'a source');
    await publish('there.mov', { bytes: 8 });
    await publish('gone 1+1.mov');
    await publish('broken.mov');
    await put('output/preserve/broken.mov/film.mp4', 'other bytes in it!');
    await put('output/preserve/web/manifest.json', '{"name":"an app"}');
  });
  afterAll(async () => {
    client.destroy();
    db.destroy();
    await Promise.all([server.close(), documents.close()]);
  });

  const put = (Key: string, Body: string | Uint8Array, Bucket = STAGE.media) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body }));

  async function publish(name: string, { bytes = 1 } = {}): Promise<void> {
    const [rendition] = manifestFixture().renditions;
    const { content, ...file } = smallFile('film.mp4', FILM);
    const source = { ...manifestFixture().source, path: `input/preserve/${name}`, bytes };
    const madeAt = new Date(Date.now() + 60_000).toISOString();
    const job = createHash('sha256').update(name).digest('hex').slice(0, 32);
    const manifest = manifestFixture({ job, source, madeAt, renditions: rendition ? [{ ...rendition, ...file }] : [] });
    await put(`output/preserve/${name}/film.mp4`, content);
    await put(`output/preserve/${name}/manifest.json`, JSON.stringify(manifest));
  }

  const run = async (options: Partial<Parameters<typeof importResults>[1]> = {}, place?: string) => {
    const written: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const asked = { stage: 'dev', json: true, endpoint: server.endpoint, region: 'us-east-1', ...options };
    await importResults(place, asked).finally(() => spy.mockRestore());
    return eventsIn(written.join(''));
  };

  it('only tells in a dry run', async () => {
    expect((await run({ dryRun: true })).at(-1)).toMatchObject({ imported: 2, known: 0, left: 1, isDryRun: true });
    expect(await jobs.list(10)).toEqual([]);
  });

  it('writes a row for each manifest whose files are there, as the next drop of its source would look for it', async () => {
    const events = await run();
    expect(events.at(-1)).toEqual({
      ...{ type: 'archive.imported', listed: 8, imported: 2, known: 0, left: 1, sources: 1, isDryRun: false },
    });
    expect(events.find(({ fate }) => fate === 'left')).toMatchObject({
      source: 'input/preserve/broken.mov',
      why: 'output/preserve/broken.mov/film.mp4 is not there as it was published',
    });
    const key = 'input/preserve/there.mov';
    const version = (await s3Inbox(client, STAGE.media).inspect(key))?.version ?? '';
    const id = jobIdOf({ store: STAGE.media, recipe: 'preserve', source: key, version });
    const at = { Bucket: STAGE.media, Key: 'output/preserve/there.mov/film.mp4' };
    const { LastModified } = await client.send(new HeadObjectCommand(at));
    expect(await jobs.get(id)).toMatchObject({
      source: key,
      version,
      outputPrefix: 'output/preserve/there.mov',
      state: { status: 'done', manifest: 'output/preserve/there.mov/manifest.json' },
      published: [
        { key: at.Key, bytes: FILM.length, modifiedMs: LastModified?.getTime(), sha256: smallFile('', FILM).sha256 },
      ],
    });
    expect((await jobs.list(10)).map(({ source }) => source).toSorted()).toEqual([
      'input/preserve/gone 1+1.mov',
      'input/preserve/there.mov',
    ]);
    expect((await run()).at(-1)).toMatchObject({ imported: 0, known: 2, left: 1 });
  });

  describe('by an inventory', () => {
    const row = (key: string, latest = 'true') =>
      `"${STAGE.media}","${encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+')}","${latest}"\n`;
    const inventory = async (name: string, csv: Uint8Array, change: object = {}) => {
      const MD5checksum = createHash('md5').update(csv).digest('hex');
      await put(`inventory/${name}.csv.gz`, csv, STAGE.logs);
      const manifest = {
        ...{ sourceBucket: STAGE.media, destinationBucket: `arn:aws:s3:::${STAGE.logs}`, version: '2016-11-30' },
        ...{ creationTimestamp: '1514944800000', fileFormat: 'CSV', fileSchema: 'Bucket, Key, IsLatest' },
        files: [{ key: `inventory/${name}.csv.gz`, size: csv.length, MD5checksum }],
        ...change,
      };
      await put(`inventory/${name}/manifest.json`, JSON.stringify(manifest), STAGE.logs);
      return { inventory: `s3://${STAGE.logs}/inventory/${name}/manifest.json` };
    };

    it('reads the keys from its lists, and not from the bucket', async () => {
      const many = Array.from({ length: 20_000 }, (_, i) => row(`output/preserve/${i}.mov/film.mp4`)).join('');
      const known =
        row('output/preserve/gone 1+1.mov/manifest.json') + row('output/preserve/there.mov/manifest.json', 'false');
      const named = await inventory('good', gzipSync(many + known));
      server.heard.length = 0;
      expect((await run(named)).at(-1)).toMatchObject({ listed: 20_001, imported: 0, known: 1, left: 0 });
      expect(server.heard.filter((line) => line === `GET /${STAGE.media}/`)).toEqual([]);
    });

    it.each([
      [
        'a list that was cut off',
        gzipSync(row('output/a')).subarray(0, 30),
        {},
        /is not a whole gzip file; take an inventory that is complete$/,
      ],
      [
        'a list that is no gzip',
        Buffer.from(row('output/a')),
        {},
        /is not a whole gzip file; take an inventory that is complete$/,
      ],
      [
        'another list',
        gzipSync(row('output/a')),
        { files: [{ key: 'inventory/x.csv.gz', size: 1, MD5checksum: 'ff' }] },
        /its MD5 is another one/,
      ],
      [
        'a list of another bucket',
        gzipSync(''),
        { sourceBucket: 'other' },
        /lists the bucket other, and not reelmill-dev-media; name an inventory of reelmill-dev-media$/,
      ],
      [
        'a list that is not there',
        gzipSync(''),
        { files: [{ key: 'nowhere', size: 1, MD5checksum: 'ff' }] },
        /is refused \(NoSuchKey\)/,
      ],
    ])('refuses %s', async (_, csv, change, message) => {
      await expect(run(await inventory('x', csv, change))).rejects.toThrow(message);
    });
  });

  it.each([
    [
      { stage: undefined, inventory: 's3://b/manifest.json' },
      '/tmp',
      '--inventory needs --stage S, the stage whose bucket it lists',
    ],
    [
      { inventory: 'list.csv' },
      undefined,
      '--inventory list.csv is no manifest of an inventory, as s3://bucket/.../manifest.json',
    ],
    [{ stage: undefined }, 's3://films/x', 'a bucket is indexed into the job table of its stage: --stage S'],
  ])('refuses %j %s', async (options, place, message) => {
    await expect(run(options, place)).rejects.toMatchObject({ code: 'usage', message });
  });
});

it('indexes a folder of results that has lost its job table', async () => {
  const folder = await temporaryFolder();
  await makeClip(join(folder, 'clip.mp4'), { seconds: 1 });
  const out = join(folder, 'out');
  const work = join(folder, 'work');
  await runReelmill(join(folder, 'clip.mp4'), { out, layout: 'files', work });
  const other = join(folder, 'other');
  await writeFile(join(out, 'manifest.json'), '{"name":"an app"}');
  const imported = await reelmill(['archive', 'import', out, '--work', other, '--json']);
  expect(imported).toMatchObject({ code: 0, last: { imported: 1, known: 0, left: 0 } });
  const rows = async (of: string) => (await reelmill(['jobs', of, '--json'])).events;
  const [[was], [is]] = [await rows(work), await rows(other)];
  for (const field of ['id', 'recipe', 'source', 'outputPrefix', 'films', 'settings'])
    expect([field, is?.[field]]).toEqual([field, was?.[field]]);
  expect(is?.state).toEqual(was?.state);
});
