import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildTask } from '../../scripts/build-task.mjs';
import { type StartedProgram, startProgram } from '../support/started-program.ts';

const STACK = {
  STAGE: 'test',
  LOGS: 'cloudwatch',
  MEDIA_BUCKET: 'media',
  LOG_BUCKET: 'logs',
  JOBS_TABLE: 'jobs',
  DISKS_GIB: '21 /',
};

describe("the GPU image's folder, laid out as its Dockerfile does, on a machine without a GPU", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reelmill-image-'));
    await copyFile(await buildTask('upscale', join(folder, 'built')), join(folder, 'task.mjs'));
    await copyFile(join(folder, 'built', 'ort-worker.js'), join(folder, 'ort-worker.js'));
    await copyFile('docker/entry.sh', join(folder, 'entry.sh'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await cp('models', join(folder, 'models'), { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    for (const name of ['onnxruntime-node', 'onnxruntime-common']) {
      await cp(join('node_modules', name), join(folder, 'node_modules', name), {
        recursive: true,
        filter: (path) => !/napi-v\d+\/(darwin|win32)/.test(path),
      });
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const start = (args: readonly string[], env: Record<string, string>): StartedProgram =>
    startProgram(join(folder, 'entry.sh'), args, {
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, REELMILL_ROOT: folder, ...STACK, ...env },
    });

  it.each(['cuda', 'tensorrt'])('exits with 69 where %s is wanted, since there is no GPU', async (device) => {
    const { code, stderr } = await start([], { UPSCALE_DEVICE: device }).ended;
    expect([code, stderr]).toEqual([69, expect.stringContaining(`device=${device}`)]);
  });

  it('reports missing settings as a usage error', async () => {
    const { code, stderr } = await start([], { UPSCALE_DEVICE: 'cpu' }).ended;
    expect([code, stderr]).toEqual([64, expect.stringContaining('S3_BUCKET, S3_KEY, JOB_ID, REELMILL_STEP')]);
  });

  it('prints nothing with logging off', async () => {
    const { code, stdout, stderr } = await start([], { UPSCALE_DEVICE: 'cuda', LOGS: 'none' }).ended;
    expect([code, stdout, stderr]).toEqual([69, '', '']);
  });

  it('serves requests, started as SageMaker starts it, until it is stopped', async () => {
    const serving = start(['serve'], { UPSCALE_DEVICE: 'cpu', SAGEMAKER_BIND_TO_PORT: '0' });
    const { address } = JSON.parse(await serving.line());
    expect((await fetch(`http://127.0.0.1:${address.port}/ping`)).status).toBe(200);
    serving.child.kill('SIGTERM');
    expect((await serving.ended).code).toBe(0);
  });
});

describe('the check for missing libraries', () => {
  const check = (file: string) => startProgram('docker/upscale/check-libraries.sh', [file], { env: process.env }).ended;

  it('passes a program whose libraries all exist', async () => {
    expect(await check('/bin/sh')).toMatchObject({ code: 0, stderr: '' });
  });

  it('fails for a missing file', async () => {
    expect((await check('/nowhere/libnothing.so')).code).not.toBe(0);
  });

  it.each([
    { asks: 'libnothing.so.1', code: 1 },
    { asks: 'libcuda.so.1', code: 0 },
  ])('gives $code for a program that needs $asks', async ({ asks, code }) => {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-library-'));
    const bin = join(folder, 'ldd');
    await writeFile(bin, `#!/bin/sh\necho '\t${asks} => not found'\n`, { mode: 0o755 });
    const run = spawn('docker/upscale/check-libraries.sh', ['/bin/sh'], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
    expect((await once(run, 'exit'))[0]).toBe(code);
    await rm(folder, { recursive: true });
  });
});
