import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Job } from '../../core/job/job.ts';
import { manifestSchema } from '../../core/job/manifest.ts';
import { bundled } from '../fixtures/bundled.ts';
import { newJob } from '../fixtures/new-job.ts';
import { makeClip } from '../support/clip.ts';
import { sha256Of } from '../support/hash.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { openStack, type Stack } from '../support/stack.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', evenIfLarger: 'true' };

describe('the container program', () => {
  let stack: Stack;
  let program: string;
  let folder: string;
  let clip: Buffer;
  let job: Job;
  let jobs = 0;

  beforeAll(async () => {
    stack = await openStack({ direct: true });
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
    program = await bundled("import './tasks/encode.ts';");
    folder = await temporaryFolder();
    await makeClip(join(folder, 'clip.mp4'), { seconds: 4 });
    clip = await readFile(join(folder, 'clip.mp4'));
  });
  afterAll(async () => {
    await stack.close();
    await rm(program);
  });
  beforeEach(async () => {
    const name = `clip-${++jobs}.mp4`;
    job = newJob(name, { settings: SETTINGS, failureKey: `failed/preserve/${name}.json` });
    await put(job.source, clip);
    await stack.jobs.create(job);
  });

  const put = (Key: string, Body: Uint8Array | string) =>
    stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body }));
  const get = async (Bucket: string, Key: string) =>
    (await stack.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray() ?? new Uint8Array();
  const current = () => stack.jobs.get(job.id);

  type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

  function start(changes: Record<string, string | undefined> = {}): ChildProcess {
    const env = {
      ...process.env,
      S3_BUCKET: 'media',
      S3_KEY: job.source,
      JOB_ID: job.id,
      REELMILL_STEP: 'all',
      AWS_BATCH_JOB_ID: `batch-${jobs}`,
      TMPDIR: folder,
      ...changes,
    };
    return spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async function ended(child: ChildProcess): Promise<Ended> {
    const [stdout, stderr, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'close'),
    ]);
    return { code, stdout, stderr };
  }

  /** fauxqs forgets how an object is encoded. */
  async function log(step = 'all'): Promise<readonly { event: string }[]> {
    const lines = gunzipSync(await get('logs', `tasks/${job.id}/${step}-attempt-1.jsonl`))
      .toString()
      .trim()
      .split('\n');
    return lines.map((line) => JSON.parse(line));
  }

  it('does a whole job, silently, and leaves its log in the bucket', async () => {
    expect(await ended(start())).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await current())?.state).toEqual({ status: 'done', manifest: `${job.outputPrefix}/manifest.json` });
    const manifest = manifestSchema.parse(
      JSON.parse(Buffer.from(await get('media', `${job.outputPrefix}/manifest.json`)).toString()),
    );
    const [rendition] = manifest.renditions;
    expect((await get('media', `${job.outputPrefix}/${rendition?.path}`)).length).toBe(rendition?.bytes);
    const events = (await log()).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['job.queued', 'segment.done', 'job.done', 'task.ended']));
    const usage = (await current())?.usage; // of a control group, where there is one
    expect(manifest.machine?.memoryBytes).toBe(usage?.memoryBytes);
    expect(usage === undefined || (manifest.machine?.cpuSeconds ?? Infinity) <= usage.cpuSeconds).toBe(true);
  });

  it('makes a film of another bucket, and changes nothing there', async () => {
    const [Bucket, Key] = ['my-archive', '2019/a film + Ü%.mp4'];
    await stack.s3.send(new CreateBucketCommand({ Bucket }));
    await stack.s3.send(new PutObjectCommand({ Bucket, Key, Body: clip }));
    const source = `s3://${Bucket}/${Key}`;
    const outputPrefix = `output/preserve/s3/${Bucket}/${Key}`;
    job = newJob('foreign.mp4', {
      source,
      outputPrefix,
      settings: SETTINGS,
      failureKey: 'failed/preserve/foreign.json',
    });
    await stack.jobs.create(job);
    expect(await ended(start())).toEqual({ code: 0, stdout: '', stderr: '' });
    const bytes = await get('media', `${outputPrefix}/manifest.json`);
    const manifest = manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
    expect(manifest.source).toMatchObject({ path: source, sha256: sha256Of(clip) });
    const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map((each) => each.Key)).toEqual([Key]);
  });

  it('keeps a rung that was replaced by hand in the bucket, and makes only the rungs below it', async () => {
    const places = { source: 'input/ladder/clip.mp4', outputPrefix: 'output/ladder/clip.mp4' };
    const settings = { preset: 'ultrafast' };
    job = newJob('ladder.mp4', { recipe: 'ladder', settings, failureKey: 'failed/ladder/clip.mp4.json', ...places });
    await makeClip(join(folder, 'large.mp4'), { seconds: 1, size: '800x450' });
    await makeClip(join(folder, 'mine.mp4'), { seconds: 1, size: '640x360' });
    await put(job.source, await readFile(join(folder, 'large.mp4')));
    await stack.jobs.create(job);
    const file = (name: string) => get('media', `${job.outputPrefix}/${name}`);
    const hashes = async () => {
      const { renditions, thumbnails } = manifestSchema.parse(
        JSON.parse(Buffer.from(await file('manifest.json')).toString()),
      );
      return {
        rungs: renditions.map(({ name, sha256, edited }) => ({ name, sha256, edited })),
        sprite: thumbnails?.files[2]?.sha256,
      };
    };
    expect((await ended(start())).code).toBe(0);
    const before = await hashes();
    expect(before.rungs.map(({ name }) => name)).toEqual(['hd', 'sd']);

    const mine = await readFile(join(folder, 'mine.mp4'));
    await put(`${job.outputPrefix}/sd.mp4`, mine);
    expect((await ended(start())).code).toBe(0);
    const after = await hashes();
    expect(after.rungs).toEqual([before.rungs[0], { name: 'sd', sha256: sha256Of(mine), edited: true }]);
    expect(sha256Of(await file('sd.mp4'))).toBe(sha256Of(mine));
    expect(sha256Of(await file('hd.mp4'))).toBe(before.rungs[0]?.sha256);
    expect(after.sprite).not.toBe(before.sprite);

    expect((await ended(start())).code).toBe(0);
    expect((await current())?.state).toMatchObject({ status: 'unchanged' });
    expect(await hashes()).toEqual(after);
  });

  it('does a long job in its steps', async () => {
    await makeClip(join(folder, 'other.mp4'), { seconds: 4, size: '176x144' }); // of the first one the pieces are there
    await put(job.source, await readFile(join(folder, 'other.mp4')));
    for (const step of ['plan', 'segment', 'join']) expect((await ended(start({ REELMILL_STEP: step }))).code).toBe(0);
    expect(JSON.parse(Buffer.from(await get('media', `work/${job.id}/fan-out.json`)).toString())).toMatchObject({
      tasks: 1,
    });
    expect((await current())?.state.status).toBe('done');
    expect((await log('join')).filter(({ event }) => event === 'segment.done')).toEqual(
      expect.arrayContaining([expect.objectContaining({ reused: true })]),
    );
  });

  it('ends with 65 and a reason if the source is not a film', async () => {
    await put(job.source, 'these are notes');
    expect((await ended(start())).code).toBe(65);
    expect((await current())?.state).toMatchObject({ status: 'failed', code: 'not-video' });
    expect(JSON.parse(Buffer.from(await get('media', job.failureKey ?? '')).toString())).toMatchObject({
      code: 'not-video',
    });
  });

  it('ends with 66 if its source has gone', async () => {
    const gone = newJob('gone.mp4', { failureKey: 'failed/gone.json' });
    await stack.jobs.create(gone);
    expect((await ended(start({ JOB_ID: gone.id, S3_KEY: gone.source }))).code).toBe(66);
  });

  it('ends with 0 if another container works on its job', async () => {
    await stack.jobs.claim(job.id, { owner: 'batch:another', until: Date.now() + 3_600_000 }, Date.now());
    expect((await ended(start())).code).toBe(0);
    expect((await current())?.state.status).toBe('queued');
  });

  it.each([
    { signal: 'SIGTERM', size: '160x90' },
    { signal: 'SIGKILL', size: '128x72' },
  ] as const)('goes on after $signal where it was stopped', async ({ signal, size }) => {
    await makeClip(join(folder, `${signal}.mp4`), { seconds: 4, size });
    await put(job.source, await readFile(join(folder, `${signal}.mp4`)));

    const held = await heldFfmpeg('*file:*libx265*');
    held.letGo(1); // it is stopped in the middle of its work
    const first = start(held.env);
    const ending = ended(first);
    for (let segments = 0; segments === 0; await sleep(50)) {
      expect(first.exitCode).toBeNull();
      const state = (await current())?.state;
      if (state?.status === 'running') segments = state.segments.done;
    }
    first.kill(signal);
    const { code } = await ending;
    expect(code).toBe(signal === 'SIGTERM' ? 75 : null);
    if (signal === 'SIGTERM') expect((await log()).map(({ event }) => event)).toContain('job.failed');

    expect((await ended(start({ AWS_BATCH_JOB_ATTEMPT: '2' }))).code).toBe(0);
    const manifest = manifestSchema.parse(
      JSON.parse(Buffer.from(await get('media', `${job.outputPrefix}/manifest.json`)).toString()),
    );
    expect(manifest.renditions[0]?.segments.reused).toBe(1);
  });

  it('lists everything that is missing in its environment', async () => {
    const { code, stderr } = await ended(start({ JOB_ID: undefined, S3_KEY: '', REELMILL_STEP: 'party' }));
    expect(code).toBe(64);
    for (const name of ['JOB_ID', 'S3_KEY', 'REELMILL_STEP']) expect(stderr).toContain(name);
    expect(stderr).not.toContain('S3_BUCKET');
    const other = await ended(start({ JOBS_TABLE: undefined, LOG_BUCKET: undefined }));
    expect(other.stderr).toMatch(/LOG_BUCKET.*JOBS_TABLE|JOBS_TABLE.*LOG_BUCKET/);
  });

  it('ends with 69 if there is no ffmpeg', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'));
    expect((await ended(start({ PATH: empty, XDG_CACHE_HOME: empty, HOME: empty }))).code).toBe(69);
  });

  it('ends with 75 if the job table does not answer', async () => {
    const { code } = await ended(start({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' }));
    expect(code).toBe(75);
  });

  it('leaves nothing on its disk', async () => {
    const disk = await mkdtemp(join(folder, 'disk-'));
    await ended(start({ TMPDIR: disk }));
    const left = await readdir(join(disk, 'reelmill'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
  });
});

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}
