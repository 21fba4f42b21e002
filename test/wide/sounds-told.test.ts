import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { QUICK, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=1'];
const sine = ['-f', 'lavfi', '-i', 'sine=d=1:r=22050'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

it.each([
  { what: 'ends before the picture begins', args: ['-itsoffset', '2', ...picture, ...sine], why: /^it ends before/ },
  { what: 'begins behind it', args: [...picture, '-itsoffset', '2', ...sine], why: /^it begins behind/ },
])('a loop says of sound that $what why it is not there', async ({ args, why }) => {
  const mill = await testMill();
  const source = await makeClip({ file: 'apart.mkv', args: [...args, ...x264, '-c:a', 'aac'] });
  const { outcome, manifest } = await mill.run(source, 'vj');
  expect(outcome).toMatchObject({ status: 'done' });
  const { streams, warnings } = await manifest();
  expect(streams[1]).toMatchObject({ fate: 'dropped', why: expect.stringMatching(why) });
  expect(warnings.filter((line) => line.includes('second way'))).toEqual([]);
});

it('packets of a codec that Matroska does not know lie in a sidecar without their times, and that is said', async () => {
  const mill = await testMill();
  const sound = ['-c:a', 'nellymoser', '-ac', '1'];
  const source = await makeClip({ file: 'chat.flv', args: [...picture, ...sine, '-c:v', 'flv', ...sound] });
  const { manifest, path } = await mill.run(source, 'preserve', { ...QUICK, evenIfLarger: true });
  const stream = (await manifest()).streams.find(({ codec }) => codec === 'nellymoser');
  expect(stream?.why).toMatch(
    /the sidecar; Matroska cannot hold nellymoser, so its packets are there without their times$/,
  );
  expect((await stat(join(path('preserve.mp4'), '..', stream?.sidecar ?? ''))).size).toBeGreaterThan(1000);
});
