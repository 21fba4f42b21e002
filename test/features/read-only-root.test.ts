import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundled, putBeside } from '../fixtures/bundled.ts';
import { newJob } from '../fixtures/new-job.ts';
import { makeClip } from '../support/clip.ts';
import { onReadOnlyRoot } from '../support/limits.ts';
import { openStack, type Stack } from '../support/stack.ts';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SETTINGS = { segmentSeconds: '1', preset: 'ultrafast' };

describe('a container whose root cannot be written to', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await openStack({ direct: true });
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
  });
  afterAll(() => stack.close());

  it.each([
    { task: 'encode', recipe: 'preserve', settings: { ...SETTINGS, evenIfLarger: 'true' } },
    { task: 'upscale', recipe: 'upscale', settings: { ...SETTINGS, model: 'websr-s-rl' } },
  ])('does $recipe with its work folder alone', async ({ task, recipe, settings }) => {
    const program = await bundled(`import './tasks/${task}.ts';`);
    const film = join(await temporaryFolder(), 'film.mp4');
    await makeClip(film, { seconds: 1, size: '64x48' });
    await putBeside(program, 'media/onnx/ort-worker.js');
    const places = { source: `input/${recipe}/film.mp4`, outputPrefix: `output/${recipe}/film.mp4` };
    const job = newJob(`${recipe}.mp4`, { recipe, settings, failureKey: `failed/${recipe}/film.mp4.json`, ...places });
    await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: job.source, Body: await readFile(film) }));
    await stack.jobs.create(job);
    const work = await temporaryFolder();
    const [first = '', ...rest] = [...onReadOnlyRoot(work), process.execPath, program];
    const env = {
      ...process.env,
      ...{ S3_BUCKET: 'media', S3_KEY: job.source, JOB_ID: job.id, REELMILL_STEP: 'all', UPSCALE_DEVICE: 'cpu' },
      ...{ TMPDIR: work, HOME: '/home/reelmill', XDG_CACHE_HOME: undefined, REELMILL_ROOT: process.cwd() },
    };
    expect(await startProgram(first, rest, { env }).ended).toMatchObject({ code: 0, stderr: '' });
    expect((await stack.jobs.get(job.id))?.state.status).toBe('done');
    await rm(program);
  });

  it('is one in which nothing else can be written', async () => {
    const work = await temporaryFolder();
    const [first = '', ...rest] = [...onReadOnlyRoot(work), 'sh', '-c', 'echo a > "$1"', 'sh'];
    expect((await startProgram(first, [...rest, join(work, 'file')]).ended).code).toBe(0);
    expect((await startProgram(first, [...rest, join(process.cwd(), '.written')]).ended).stderr).toMatch(
      /Read-only file system|Permission denied/,
    );
  });
});
