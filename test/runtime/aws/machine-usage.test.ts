import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { thisMachine } from '../../../runtime/aws/machine-usage.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SENT = Date.parse('2026-11-20T10:00:00Z');
const STARTED = Date.parse('2026-11-20T10:01:00Z');
/** As ECS on Fargate answers GET ${ECS_CONTAINER_METADATA_URI_V4}/task, of which we read this. */
const TASK = {
  Limits: { CPU: 2, Memory: 4096 },
  PullStartedAt: '2026-11-20T10:00:35.5Z',
  PullStoppedAt: '2026-11-20T10:00:58Z',
};

describe('what a container has and takes', () => {
  let server: Server;
  let uri: string;
  let answer: unknown = TASK;

  beforeAll(async () => {
    server = createServer(({ url }, response) => response.end(url === '/v4/x/task' ? JSON.stringify(answer) : 'no'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    uri = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v4/x`;
  });
  afterAll(() => void server.close());

  async function groups(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await temporaryFolder();
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return folder;
  }

  /** It starts a minute after the job was sent, and is asked 90 seconds later. */
  async function usage(files: Readonly<Record<string, string>>, metadata: string | undefined = uri) {
    let now = STARTED;
    const machine = thisMachine(metadata, { now: () => now, elapsed: () => now, newId: () => '' }, await groups(files));
    now += 90_000;
    return machine.usage(SENT);
  }

  it.each([
    { of: 'version 2', files: { 'memory.peak': '1234567\n', 'cpu.stat': 'usage_usec 42500000\nuser_usec 1\n' } },
    {
      of: 'version 1',
      files: { 'memory/memory.max_usage_in_bytes': '1234567\n', 'cpu.stat': 'usage_usec 42500000\n' },
    },
  ])('is read of control groups of $of, and of the task', async ({ files }) => {
    answer = TASK;
    expect(await usage(files)).toEqual({
      ...{ vcpu: 2, memoryBytes: 4 * 2 ** 30, peakMemoryBytes: 1_234_567, cpuSeconds: 42.5, wallSeconds: 90 },
      ...{ queueSeconds: 35.5, pullSeconds: 22.5, startSeconds: 2 },
    });
  });

  it.each([
    { what: 'nothing tells of the task', metadata: 'http://127.0.0.1:1', task: TASK },
    { what: 'the task tells something else', metadata: undefined, task: { Limits: 'many' } },
  ])('is that of the whole machine, without times, if $what', async ({ metadata, task }) => {
    answer = task;
    expect(await usage({ 'memory.peak': '5' }, metadata)).toEqual({
      ...{ vcpu: availableParallelism(), memoryBytes: totalmem(), peakMemoryBytes: 5, wallSeconds: 90 },
      cpuSeconds: expect.any(Number), // of this process alone
    });
  });

  it('is undefined without a control group', async () => {
    expect(await usage({ 'memory.peak': 'max' })).toBeUndefined();
    expect(await usage({})).toBeUndefined();
  });
});
