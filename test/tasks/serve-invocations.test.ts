import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { serveInvocations } from '../../tasks/serve-invocations.ts';

const BODY = JSON.stringify({ job: '0123456789abcdef', key: 'input/upscale/film.mov', step: 'all' });

describe('a container that serves invocations', () => {
  const names = {
    STAGE: 'test',
    LOGS: 'none',
    MEDIA_BUCKET: 'media',
    LOG_BUCKET: 'logs',
    JOBS_TABLE: 'jobs',
    DISKS_GIB: '21 /',
  };
  const before = { ...process.env };
  beforeAll(() => void Object.assign(process.env, names));
  afterAll(() => {
    process.env = before;
  });

  it('stops a step after the time that SageMaker waits, says so, and takes the next', async () => {
    const ending = new AbortController();
    let rounds = 0;
    const run = async (_: unknown, signal: AbortSignal) => {
      if (++rounds > 1) return 0;
      await once(signal, 'abort');
      return 75;
    };
    let say: (text: string) => void = () => undefined;
    const said = new Promise<string>((resolve) => {
      say = resolve;
    });
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      say(String(text));
      return true;
    });
    const served = serveInvocations(run, { port: 0, limitMs: 50, signal: ending.signal });
    const { port } = JSON.parse(await said).address;
    spy.mockRestore();
    const ask = () => fetch(`http://127.0.0.1:${port}/invocations`, { method: 'POST', body: BODY });
    const first = await ask();
    expect([first.status, await first.json()]).toEqual([503, { exit: 75 }]);
    expect((await ask()).status).toBe(200);
    ending.abort();
    await served;
  });
});
