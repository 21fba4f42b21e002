import { expect, it } from '@jest/globals';
import type { Ports } from '../../core/ports/ports.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { makeClip } from '../fixtures/make.ts';
import { QUICK, testMill } from '../support/mill.ts';

const CLIP = {
  file: 'two-machines.mp4',
  args: ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '1'],
};

/** Two machines with a job table each and one folder of results, as on a network drive: one publishes what the other is about to. */
async function publishedMeanwhile(settings: RawSettings) {
  const one = await testMill();
  const source = await one.own(await makeClip(CLIP));
  let looks = 0;
  /** The source is looked at before it is read, and again before anything is published. */
  const head = async (key: string, { sources }: Ports) => {
    looks += 1;
    if (looks === 2) expect((await one.run(source, 'preserve', settings)).outcome.status).toBe('done');
    return sources.head(key);
  };
  const between = (ports: Ports) => ({ sources: { ...ports.sources, head: (key: string) => head(key, ports) } });
  const other = await testMill({ beside: one, between });
  return { one, source, ...(await other.run(source, 'preserve', QUICK)) };
}

it('a film that another machine publishes meanwhile is made, and not failed', async () => {
  const { one, source, outcome, encoded, manifest } = await publishedMeanwhile(QUICK);
  expect(encoded()).not.toEqual({});
  expect(outcome).toMatchObject({ status: 'unchanged', published: expect.arrayContaining([expect.anything()]) });
  expect((await manifest()).renditions).toHaveLength(1);
  expect((await one.run(source, 'preserve', QUICK)).outcome.status).toBe('unchanged');
});

it('a film that another machine publishes meanwhile with other settings is to be tried again', async () => {
  const { outcome } = await publishedMeanwhile({ ...QUICK, crf: '30' });
  expect(outcome).toMatchObject({ status: 'failed', code: 'busy', exitCode: 75 });
});
