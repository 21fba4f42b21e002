import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { burstListKey, burstListText } from '../../core/job/burst-list.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import type { Job, JobState } from '../../core/job/job.ts';
import { manifestSchema } from '../../core/job/manifest.ts';
import { bundled } from '../fixtures/bundled.ts';
import { newJob } from '../fixtures/new-job.ts';
import { makeClip } from '../support/clip.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { openStack, type Stack } from '../support/stack.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DONE: JobState = { status: 'done', manifest: 'made/before.json' };

describe('the program of a container that several jobs share', () => {
  let stack: Stack;
  let program: string;
  let folder: string;
  let clip: Buffer;

  beforeAll(async () => {
    stack = await openStack({ direct: true });
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
    program = await bundled("import './tasks/encode.ts';");
    folder = await temporaryFolder();
    await makeClip(join(folder, 'clip.mp4'), { seconds: 1, size: '160x90' });
    clip = await readFile(join(folder, 'clip.mp4'));
  });
  afterAll(async () => {
    await stack.close();
    await rm(program);
  });

  async function job(
    burst: string,
    name: string,
    { bytes = clip, state }: { bytes?: Uint8Array; state?: JobState } = {},
  ) {
    const made: Job = newJob(`${burst}/${name}`, {
      settings: { preset: 'ultrafast', evenIfLarger: 'true' },
      failureKey: `failed/preserve/${burst}/${name}.json`,
      ...(state && { state }),
    });
    await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: made.source, Body: bytes }));
    await stack.jobs.create(made);
    await stack.jobs.note(made.id, { burst: { name: burst, index: 1, of: 2 } });
    return { ...made, bytes: bytes.length };
  }

  /** The jobs are those of the second container of an array. */
  const list = (burst: string, jobs: readonly (Job & { readonly bytes: number })[]) =>
    stack.s3.send(
      new PutObjectCommand({
        Bucket: 'media',
        Key: burstListKey(burst),
        Body: burstListText([[], jobs.map(({ id, source, bytes }) => ({ job: id, key: source, bytes }))]),
      }),
    );

  function start(burst: string, changes: Readonly<Record<string, string>> = {}) {
    const { S3_KEY: _, JOB_ID: __, ...rest } = process.env;
    const env = {
      ...rest,
      S3_BUCKET: 'media',
      REELMILL_STEP: 'burst',
      REELMILL_BURST: burst,
      AWS_BATCH_JOB_ID: `batch-${burst}:1`,
      AWS_BATCH_JOB_ARRAY_INDEX: '1',
      TMPDIR: folder,
      ...changes,
    };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    return { child, ended: once(child, 'close').then(([code]) => ({ code, said })) };
  }
  const stateOf = async ({ id }: Job) => (await stack.jobs.get(id))?.state;

  it('does each of them, and ends well although one is no film and one was cancelled', async () => {
    const burst = 'all';
    const [one, two] = [
      await job(burst, 'one.mp4'),
      await job(burst, 'two.mp4', { bytes: Buffer.concat([clip, clip]) }),
    ];
    const notes = await job(burst, 'notes.mp4', { bytes: Buffer.from('these are notes') });
    const unwanted = await job(burst, 'unwanted.mp4', { state: CANCELLED });
    const before = await job(burst, 'before.mp4', { state: DONE });
    await list(burst, [unwanted, one, notes, before, two]);

    expect(await start(burst).ended).toEqual({ code: 0, said: '' });
    expect(await Promise.all([one, two, notes, unwanted, before].map(stateOf))).toMatchObject([
      { status: 'done', manifest: `${one.outputPrefix}/manifest.json` },
      {}, // whether two films one after the other are one is not what is asked here
      { status: 'failed', code: 'not-video' },
      CANCELLED,
      DONE,
    ]);
    const { Body } = await stack.s3.send(
      new GetObjectCommand({ Bucket: 'media', Key: `${one.outputPrefix}/manifest.json` }),
    );
    const { renditions, cost, timings } = manifestSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    expect(renditions.map(({ checks }) => checks.every(({ passed }) => passed))).toEqual([true]);
    // a start of a minute is paid by five films, and not by this one alone
    const cores = availableParallelism();
    expect(cost.vcpuHours * 3600 - timings.total * cores).toBeLessThan(30 * cores);
    expect((await stack.jobs.get(one.id))?.usage).toBeUndefined();
    const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket: 'logs', Prefix: 'tasks/' }));
    expect(Contents.map(({ Key }) => Key)).toEqual(
      expect.arrayContaining([one, two, notes].map(({ id }) => `tasks/${id}/all-attempt-1.jsonl`)),
    );
  });

  it('goes on in another attempt where its machine was taken away: what is done is not made again', async () => {
    const burst = 'reclaimed';
    const short = await job(burst, 'short.mp4');
    await makeClip(join(folder, 'long.mp4'), { seconds: 1, size: '240x136' });
    const long = await job(burst, 'long.mp4', { bytes: await readFile(join(folder, 'long.mp4')) });
    await stack.jobs.claim(long.id, { owner: 'test', until: Date.now() + 3_600_000 }, Date.now());
    await stack.jobs.save({ ...long, settings: { preset: 'superfast', evenIfLarger: 'true' } }, 'test');
    await stack.jobs.release(long.id, 'test');
    await list(burst, [short, long]);

    const held = await heldFfmpeg('*file:*superfast*');
    const first = start(burst, held.env);
    await held.waits();
    await until(async () => (await stateOf(short))?.status === 'done');
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(75);
    const done = await stack.jobs.get(short.id);
    expect((await stateOf(long))?.status).not.toBe('done');

    expect((await start(burst, { AWS_BATCH_JOB_ATTEMPT: '2' }).ended).code).toBe(0);
    expect((await stateOf(long))?.status).toBe('done');
    expect(await stack.jobs.get(short.id)).toEqual(done);
  });

  it.each([
    {
      what: 'its list is not there',
      changes: { REELMILL_BURST: 'none' },
      code: 66,
      says: 'no list work/burst/none.json',
    },
    { what: 'its environment is wrong', changes: { AWS_BATCH_JOB_ARRAY_INDEX: 'x' }, code: 64, says: 'ARRAY_INDEX' },
  ])('ends with $code and a sentence where $what', async ({ changes, code, says }) => {
    const ended = await start('all', changes).ended;
    expect(ended).toEqual({ code, said: expect.stringContaining(says) });
  });

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await sleep(20);
  }
});
