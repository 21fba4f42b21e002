import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../core/job/job.ts';
import { manifestSchema } from '../../core/job/manifest.ts';
import { bundled, putBeside } from '../fixtures/bundled.ts';
import { makeClip } from '../fixtures/make.ts';
import { newJob } from '../fixtures/new-job.ts';
import { averaging, made, temporal } from '../media/onnx/networks.ts';
import { openStack, type Stack } from '../support/stack.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clip = {
  file: 'small.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=0.8'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'],
  ],
};
const SETTINGS = { segmentSeconds: '1', preset: 'ultrafast', model: 'websr-s-rl' };

describe("the GPU container's program", () => {
  let stack: Stack;
  let program: string;
  let folder: string;

  beforeAll(async () => {
    stack = await openStack({ direct: true });
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
    program = await bundled("import './tasks/upscale.ts';");
    await putBeside(program, 'media/onnx/ort-worker.js');
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await stack.close();
    await rm(program);
  });

  const start = (args: readonly string[], env: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [program, ...args], {
      env: { ...process.env, TMPDIR: folder, REELMILL_ROOT: process.cwd(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  async function dropped(name: string, settings = SETTINGS): Promise<Job> {
    const places = { source: `input/upscale/${name}`, outputPrefix: `output/upscale/${name}` };
    const job = newJob(name, { ...places, recipe: 'upscale', settings, failureKey: `failed/${name}.json` });
    const Body = await readFile(await makeClip(clip));
    await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: job.source, Body }));
    await stack.jobs.create(job);
    return job;
  }

  async function filmOf({ outputPrefix }: Job) {
    const Key = `${outputPrefix}/manifest.json`;
    const text = await (await stack.s3.send(new GetObjectCommand({ Bucket: 'media', Key }))).Body?.transformToString();
    return manifestSchema.parse(JSON.parse(text ?? '')).renditions[0];
  }

  it.each(['cuda', 'tensorrt'])('exits with 69 without %s, before it looks for a job', async (device) => {
    const child = start([], { UPSCALE_DEVICE: device });
    const said = textOf(child.stderr);
    expect((await once(child, 'exit'))[0]).toBe(69);
    expect(await said).toContain(`device=${device}`);
  });

  it('does the job in its environment on the device in its environment', async () => {
    const job = await dropped('batch.mp4');
    const env = { UPSCALE_DEVICE: 'cpu', S3_BUCKET: 'media', S3_KEY: job.source, JOB_ID: job.id, REELMILL_STEP: 'all' };
    const child = start([], env);
    expect([await textOf(child.stderr), child.exitCode ?? (await once(child, 'exit'))[0]]).toEqual(['', 0]);
    expect(await filmOf(job)).toMatchObject({ width: 128, height: 96, frames: 20 });
  });

  it('enlarges with a model that is registered and stored in the bucket', async () => {
    const { file, model } = temporal(made(averaging), 5, 1);
    const { scale, sha256, network, cut, frames } = model;
    const entry = { version: '1.0', licence: 'MIT', scale, sha256, network, cut, frames };
    const put = (Key: string, Body: string | Uint8Array) =>
      stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body }));
    await put('models/my-net/1.0.onnx', file);
    await put('recipes.json', JSON.stringify({ models: { 'my-net': entry } }));
    const job = await dropped('own.mp4', { ...SETTINGS, model: 'my-net' });
    const env = { UPSCALE_DEVICE: 'cpu', S3_BUCKET: 'media', S3_KEY: job.source, JOB_ID: job.id, REELMILL_STEP: 'all' };
    const child = start([], { ...env, REELMILL_SHARED: folder });
    expect([await textOf(child.stderr), child.exitCode ?? (await once(child, 'exit'))[0]]).toEqual(['', 0]);
    expect(await filmOf(job)).toMatchObject({
      ...{ width: 128, height: 96, frames: 20 },
      model: { id: 'my-net', version: '1.0', sha256, device: 'cpu' },
    });
  });

  it("serves SageMaker's requests for steps, one at a time, until it is stopped", async () => {
    const child = start(['serve'], { UPSCALE_DEVICE: 'cpu', SAGEMAKER_BIND_TO_PORT: '0' });
    const errors = textOf(child.stderr);
    const port = await servingAt(child);
    const ask = (path: string, body?: unknown) =>
      fetch(
        `http://127.0.0.1:${port}${path}`,
        body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
      );
    expect((await ask('/ping')).status).toBe(200);
    expect((await ask('/elsewhere')).status).toBe(404);
    const wrong = await ask('/invocations', { job: 'x', step: 'some' });
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { code: 'usage', reason: expect.stringContaining('missing or wrong in the invocation: job, key, step') },
    ]);
    const job = await dropped('served.mp4');
    const asked = { job: job.id, key: job.source, step: 'all' };
    const working = request({
      ...{ port, path: '/invocations', method: 'POST' },
      headers: { 'content-type': 'application/json', expect: '100-continue' },
    });
    working.flushHeaders();
    await once(working, 'continue');
    expect((await ask('/invocations', asked)).status).toBe(503);
    expect((await ask('/ping')).status).toBe(200);
    working.end(JSON.stringify(asked));
    const [done] = await once(working, 'response');
    expect([done.statusCode, JSON.parse(await textOf(done))]).toEqual([200, { exit: 0 }]);
    expect(await filmOf(job)).toMatchObject({ width: 128, frames: 20 });
    const nothing = { job: newJob('nothing.mp4').id, key: 'input/upscale/nothing.mp4', step: 'all' };
    expect((await ask('/invocations', nothing)).status).toBe(422);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await errors).toBe('');
  });
});

async function servingAt(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('it has no output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line).address.port;
  throw new Error('it ended before it served');
}

async function textOf(stream: ChildProcess['stderr']): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}
