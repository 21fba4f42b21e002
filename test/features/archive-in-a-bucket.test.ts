import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { verify as verifyCommand } from '../../cli/archive/verify.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import { sumsOfFile } from '../../media/probe/hash-file.ts';
import { manifestFixture } from '../fixtures/manifest.ts';
import { optionsFor } from '../support/aws-servers.ts';
import { makeClip } from '../support/clip.ts';
import { eventsIn, startReelmill } from '../support/reelmill.ts';
import { type S3WithSums, s3WithSums } from '../support/s3-with-sums.ts';
import { type SeenJob, STAGE, stageInBuckets } from '../support/stage-in-buckets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { signal } = new AbortController();
const FOLDER = 'output/preserve/it is 1+1 ü.mov';

describe('reelmill archive verify --stage', () => {
  const seen: SeenJob = { created: '', status: 'Complete' };
  let server: S3WithSums;
  let client: S3Client;
  let behind: S3Client;
  let folder: string;
  let film: Buffer;

  beforeAll(async () => {
    server = await s3WithSums(stageInBuckets(seen));
    client = new S3Client(bucketOptions(optionsFor(server)));
    behind = new S3Client(bucketOptions(optionsFor({ endpoint: server.behind })));
    for (const Bucket of [STAGE.media, STAGE.logs]) await client.send(new CreateBucketCommand({ Bucket }));
    folder = await temporaryFolder();
    await makeClip(join(folder, 'clip.mp4'), { seconds: 1 });
    film = await readFile(join(folder, 'clip.mp4'));
    await publish();
  });
  afterAll(async () => {
    client.destroy();
    behind.destroy();
    await server.close();
  });

  /** Publishes a film and what lies beside it, as `publish` does: each file with the sum that it had when it was verified. */
  async function publish(): Promise<void> {
    const outputs = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: STAGE.media, scratch: folder });
    const [model] = manifestFixture().renditions;
    const renditions: Manifest['renditions'] = [];
    for (const name of ['film.mp4', 'gone.mp4', 'edited.mp4', 'rotten.mp4', 'unsummed.mp4', 'frozen.mp4']) {
      const path = join(folder, name);
      await writeFile(path, name === 'film.mp4' ? film : `the bytes of ${name}`);
      const sums = await sumsOfFile(path, signal);
      if (model) renditions.push({ ...model, path: name, ...sums });
      await outputs.put(`${FOLDER}/${name}`, path, { contentType: 'video/mp4', signal, crc64nvme: sums.crc64nvme });
    }
    const manifest = JSON.stringify(manifestFixture({ renditions }));
    await outputs.write(`${FOLDER}/manifest.json`, manifest, 'application/json');
    await outputs.write('output/notes.txt', 'mine', 'text/plain');
  }

  /** Does to the files what their names say. */
  async function damage(): Promise<void> {
    const at = (name: string) => ({ Bucket: STAGE.media, Key: `${FOLDER}/${name}` });
    await client.send(new DeleteObjectCommand(at('gone.mp4')));
    await client.send(new PutObjectCommand({ ...at('edited.mp4'), Body: 'the bytes of Edited.mp4' }));
    await behind.send(new PutObjectCommand({ ...at('rotten.mp4'), Body: 'the bytes of rotted.mp4' }));
    server.forgetSum(`/${STAGE.media}/${FOLDER}/unsummed.mp4`);
    await client.send(
      new PutObjectCommand({ ...at('frozen.mp4'), Body: 'the bytes of frozen.mp4', StorageClass: 'DEEP_ARCHIVE' }),
    );
  }

  const at = () => ({ endpoint: server.endpoint, region: 'us-east-1' });
  /** The command in this process, with what it wrote. */
  const verify = async (options: Partial<Parameters<typeof verifyCommand>[1]> = {}, place?: string) => {
    server.heard.length = 0;
    const written: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const code = await verifyCommand(place, { stage: 'dev', sample: '100%', json: true, ...at(), ...options }).finally(
      () => spy.mockRestore(),
    );
    const events = eventsIn(written.join(''));
    const files = events.flatMap(({ type, key, fixity, why }) =>
      type === 'archive.file' ? [[String(key).split('/').at(-1), fixity, why] as const] : [],
    );
    const fates = Object.fromEntries(files.map(([name, fixity]) => [name, fixity]));
    const reads = server.heard.filter((line) => line.startsWith('GET') && line.endsWith('.mp4'));
    const last = events.at(-1);
    return { code, last, fates, whys: Object.fromEntries(files.map(([name, , why]) => [name, why])), reads };
  };

  it('proves by stored sums that what lies there is what was verified, reads nothing, and says that it read nothing', async () => {
    const { code, last, reads } = await verify();
    expect({ code, reads }).toEqual({ code: 0, reads: [] });
    expect(last).toMatchObject({ type: 'archive.verified', verified: 6, counts: { agrees: 6, good: 0 }, faults: [] });
    const { endpoint, region } = at();
    const args = ['archive', 'verify', '--stage', 'dev', '--endpoint', endpoint, '--region', region];
    const { stdout } = await startReelmill(args).ended;
    expect(stdout).toContain('6 whose stored sum agrees (their bits were not read)');
  });

  it('tells what is missing, changed, without a sum and extra', async () => {
    await damage();
    const { code, fates, last, whys } = await verify();
    expect(code).toBe(65);
    expect(fates).toEqual({
      'film.mp4': 'agrees',
      'gone.mp4': 'missing',
      'edited.mp4': 'changed',
      'rotten.mp4': 'agrees', // a stored sum alone proves nothing
      'unsummed.mp4': 'unsummed',
      'frozen.mp4': 'agrees',
    });
    expect(whys['edited.mp4']).toMatch(/^S3 stores another sum of it: it was replaced at 20/);
    expect(last).toMatchObject({ extra: ['notes.txt'], faults: [] });
  });

  it('reads and decodes with --deep, but not what would have to be restored', async () => {
    const { code, fates, whys, reads } = await verify({ deep: true });
    expect(code).toBe(65);
    expect(fates).toMatchObject({ 'film.mp4': 'good', 'rotten.mp4': 'corrupt', 'frozen.mp4': 'agrees' });
    expect(whys['frozen.mp4']).toBe('it lies in DEEP_ARCHIVE, and was not read');
    expect(reads.some((line) => line.endsWith('frozen.mp4'))).toBe(false);
  });

  it('has S3 read the bits by a job of Batch Operations, and tells what it found', async () => {
    const started = await verify({ compute: true });
    expect(started).toMatchObject({ code: 0, last: { type: 'archive.computing', job: STAGE.job, files: 6 } });
    expect(seen.created).toMatch(
      /<S3ComputeObjectChecksum><ChecksumAlgorithm>CRC64NVME<\/ChecksumAlgorithm><ChecksumType>FULL_OBJECT</,
    );
    expect(seen.created).toContain('<ReportScope>AllTasks</ReportScope>');
    seen.status = 'Active';
    expect(await verify({ computed: STAGE.job })).toMatchObject({ code: 75, last: { done: 1, total: 3 } });
    seen.status = 'Complete';
    const { code, fates, last, reads } = await verify({ computed: STAGE.job });
    expect(code).toBe(65);
    expect(fates).toEqual({
      'film.mp4': 'good',
      'gone.mp4': 'missing',
      'edited.mp4': 'changed',
      'rotten.mp4': 'corrupt',
      'unsummed.mp4': 'good', // the bits are what was verified, whatever S3 stores of them
      'frozen.mp4': 'good',
    });
    expect(last).toMatchObject({ type: 'archive.verified', files: 6, verified: 6 });
    expect(reads).toEqual([]);
    seen.status = 'Failed';
    await expect(verify({ computed: STAGE.job })).rejects.toMatchObject({ code: 'no-input' });
  });

  it.each([
    ['usage', {}, '/tmp', 'name either a folder, or s3://bucket/prefix, or --stage S'],
    ['usage', { stage: undefined }, undefined, 'name either a folder, or s3://bucket/prefix, or --stage S'],
    [
      'usage',
      { stage: undefined, compute: true },
      '/tmp',
      '--compute and --computed need --stage S, the stage whose bucket is read',
    ],
    [
      'usage',
      { compute: true, deep: true },
      undefined,
      '--deep reads the objects here, and --compute has S3 read them; give one of the two',
    ],
    [
      'usage',
      { stage: 'Dev!' },
      undefined,
      '--stage "Dev!" is not the name of a stage; it has small letters alone, such as dev or prod',
    ],
    [
      'no-input',
      { stage: 'other' },
      undefined,
      'there is no stack reelmill-other in us-east-1; name the stage and the region of one that is deployed',
    ],
    ['usage', { computed: 'a b' }, undefined, '--computed a b is no id of a job of S3 Batch Operations'],
    [
      'usage',
      { compute: true, role: 'me' },
      undefined,
      '--role me is no ARN of a role, such as arn:aws:iam::111122223333:role/name',
    ],
    [
      'no-input',
      { stage: undefined },
      's3://no-such-bucket/x',
      'listing s3://no-such-bucket/x/ is refused (NoSuchBucket); check names, region and your permissions',
    ],
    [
      'no-input',
      { stage: undefined },
      's3://reelmill-dev-logs/nothing',
      'no manifest lies here; name the folder that run was given by --out',
    ],
  ])('ends as %s and with a sentence for %j %s', async (code, options, place, message) => {
    await expect(verify(options, place)).rejects.toMatchObject({ code, message });
  });
});
