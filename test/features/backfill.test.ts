import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backfillStage } from '../../cli/commands/backfill.ts';
import { newJob } from '../fixtures/new-job.ts';
import { faultyProxy } from '../support/faulty-proxy.ts';
import { reelmill, startReelmill } from '../support/reelmill.ts';
import { at, type StageServer, stageServer } from '../support/stage-server.ts';

type Queued = { readonly key: string; readonly to: string | undefined; readonly settings?: object };
type Records = { Records: { s3: { object: { key: string } }; to?: string; settings?: object }[] };

describe('reelmill backfill', () => {
  let stage: StageServer;
  const ARCHIVE = 'my-archive';

  const put = (Key: string, Bucket = stage.bucket, Body: string | Uint8Array = 'a film') =>
    stage.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

  beforeAll(async () => {
    stage = await stageServer();
    await stage.s3.send(new CreateBucketCommand({ Bucket: ARCHIVE }));
    await stage.s3.send(new CreateBucketCommand({ Bucket: 'not-named' }));
    for (let i = 0; i < 24; i++) await put(`input/preserve/tour/clip ${i} + Ü%.mov`);
    for (const name of ['notes.txt', 'tour/.hidden.mov', 'tour/clip 1 + Ü%.eng.srt', 'tour/still.jpg'])
      await put(`input/preserve/${name}`);
    await put('input/preserve/empty.mov', stage.bucket, new Uint8Array());
    await put('input/preserve/tour/half.mov.filepart');
    for (const name of ['2019/a film.mkv', '2019//odd.mov', '2020/b.mp4']) await put(name, ARCHIVE);
  });
  afterAll(() => stage.close());

  const run = (...words: readonly string[]) => reelmill(['backfill', ...words, '--json', ...at(stage)]);
  const queued = async (): Promise<readonly Queued[]> =>
    (await stage.queued())
      .flatMap((body) => (JSON.parse(body) as Records).Records)
      .map(({ s3, to, settings }) => ({ key: decodeURIComponent(s3.object.key), to, ...(settings && { settings }) }));

  it('tells with --dry-run what would be made, and queues nothing', async () => {
    const { code, last } = await run('--to', 'preserve', '--dry-run');
    expect({ code, last }).toMatchObject({
      code: 0,
      last: {
        type: 'backfill.done',
        isDryRun: true,
        ...{ jobs: 24, new: { files: 24, bytes: 144 }, known: { files: 0 }, refused: { files: 2 } },
        ...{ other: { files: 4 }, estimatedUsd: null },
      },
    });
    expect(await queued()).toEqual([]);
  });

  it('ends with Ctrl-C as what was interrupted, and says that it goes on', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    stage.heard.length = 0;
    stage.holdBefore(async ({ what }) => (what.startsWith('DynamoDB') ? held : undefined));
    const started = startReelmill(['backfill', '--to', 'downscale', '--json', ...at(stage)]);
    await stage.untilHeard('list-type=2', 1);
    started.child.kill('SIGINT');
    release();
    const { code, stderr } = await started.ended;
    stage.holdBefore(async () => undefined);
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringMatching(
        /reelmill: stopped; what is queued stays queued, and the same command goes on from there\n$/,
      ),
    });
    await stage.queued();
  });

  it('shows people a table, and what it does not know', async () => {
    const { stderr } = await startReelmill(['backfill', '--to', 'preserve', '--dry-run', ...at(stage)]).ended;
    expect(stderr).toMatch(/without a job +│ 24 +│ 144 B/);
    expect(stderr).toContain('input/preserve/empty.mov is left out: the file is empty (0 bytes); copy it again');
    expect(stderr).toContain(
      'input/preserve/tour/half.mov.filepart is left out: its name ends like that of a file that is',
    );
    expect(stderr).toContain('what they will cost is not known');
  });

  it('estimates the bill by what earlier jobs of the recipe cost for a byte', async () => {
    const figures = { bytesBefore: 1000, bytesAfter: 500, usd: 0.5 };
    await stage.jobs.create(newJob('elsewhere.mov', { recipe: 'preserve', createdMs: 1, figures }));
    const { last } = await run('--to', 'preserve', '--dry-run');
    expect(last).toMatchObject({ estimatedUsd: expect.closeTo(0.072, 6) });
  });

  it('queues what has no job, a message for each, ten in a request, as if S3 had told of them', async () => {
    stage.heard.length = 0;
    const { code, last } = await run('--to', 'preserve');
    expect({ code, last }).toMatchObject({ code: 0, last: { isDryRun: false, jobs: 24 } });
    const bodies = await stage.queued();
    const records = bodies.map((body) => (JSON.parse(body) as { Records: unknown[] }).Records.length);
    expect(records).toEqual(Array(24).fill(1));
    expect(stage.heardOf('AmazonSQS')).toHaveLength(3);
    expect(bodies.join('')).not.toContain('"to"');
  });

  it('says which recipe is meant for films that lie in the folder of another', async () => {
    await run('--to', 'vj', '--prefix', 'input/preserve/tour/clip 2');
    const told = await queued();
    expect(told).toHaveLength(5);
    expect(told[0]).toEqual({ key: 'input/preserve/tour/clip 2 + Ü%.mov', to: 'vj' });
  });

  it('leaves out a film that S3 gives only to who sends its key along', async () => {
    const proxy = await faultyProxy({ endpoint: stage.endpoint, close: async () => {} });
    const body =
      '<?xml version="1.0"?><Error><Code>InvalidRequest</Code><Message>The object was stored using a form of Server Side Encryption.</Message></Error>';
    const refusal = { what: 'answer', status: 400, type: 'application/xml', body } as const;
    proxy.setFault(({ path }) => (decodeURIComponent(path).includes('clip 7 ') ? refusal : undefined));
    const { code, events, last } = await reelmill(['backfill', '--to', 'ladder', '--json', '--dry-run', ...at(proxy)]);
    expect({ code, last }).toMatchObject({ code: 0, last: { new: { files: 23 } } });
    const left = events.filter(({ type }) => type === 'backfill.refused');
    expect(left).toContainEqual(
      expect.objectContaining({
        source: 'input/preserve/tour/clip 7 + Ü%.mov',
        reason: expect.stringContaining('InvalidRequest'),
      }),
    );
    await proxy.close();
  });

  it('hands settings on with every drop', async () => {
    const { code, last } = await run(
      ...['--to', 'downscale', '--prefix', 'input/preserve/tour/clip 2', '--set', 'crf=22', '--set', 'preset=fast'],
    );
    expect([code, last?.type]).toEqual([0, 'backfill.done']);
    const told = await queued();
    expect(told).toHaveLength(5);
    for (const { settings } of told) expect(settings).toEqual({ crf: '22', preset: 'fast' });
  });

  it('names films of another bucket by their address, and only reads there', async () => {
    const { code, last, events } = await run('--to', 'preserve', '--from', `s3://${ARCHIVE}/2019/`);
    expect({ code, last }).toMatchObject({
      code: 0,
      last: { jobs: 1, new: { files: 1 }, refused: { files: 1 } },
    });
    expect(events).toContainEqual({
      type: 'backfill.refused',
      source: `s3://${ARCHIVE}/2019//odd.mov`,
      reason: expect.stringContaining('has an empty part'),
    });
    expect(await queued()).toEqual([{ key: `s3://${ARCHIVE}/2019/a film.mkv`, to: 'preserve' }]);
    expect(stage.heardOf(`/${ARCHIVE}`).filter(({ what }) => !/^(GET|HEAD) /.test(what))).toHaveLength(0);
  });

  it.each<{ says: string; code: string; options: Partial<Parameters<typeof backfillStage>[0]> }>([
    { says: 'does not begin with input/', code: 'usage', options: { prefix: 'output/' } },
    { says: 'give either --prefix, or --from', code: 'usage', options: { prefix: 'input/', from: 's3://my-archive/' } },
    { says: '--from my-archive/2019 is no place in a bucket', code: 'usage', options: { from: 'my-archive/2019' } },
    {
      says: 'reads my-archive, gone-archive alone; put not-named into',
      code: 'usage',
      options: { from: 's3://not-named' },
    },
    { says: 'is refused (NoSuchBucket)', code: 'no-input', options: { from: 's3://gone-archive/x' } },
    { says: 'nothing lies below s3://my-archive/1999/', code: 'no-input', options: { from: 's3://my-archive/1999/' } },
    { says: '--set "crf" is not a setting', code: 'usage', options: { set: ['crf'] } },
    { says: '--set crf is given twice', code: 'usage', options: { set: ['crf=22', 'crf=23'] } },
    { says: 'has no setting "nonsense"', code: 'usage', options: { set: ['nonsense=1'] } },
    { says: 'crf', code: 'usage', options: { set: ['crf=lots'] } },
    { says: 'no recipe "nonsense"', code: 'usage', options: { to: 'nonsense' } },
  ])('refuses in one sentence: $says', async ({ says, code, options }) => {
    const asked = { to: 'preserve', stage: 'dev', region: 'us-east-1', endpoint: stage.endpoint, ...options };
    await expect(backfillStage(asked)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });
});
