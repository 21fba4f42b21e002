import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { testMill } from '../support/mill.ts';

it('keeps a film that is HEVC already in few bits a pixel, byte for byte, encodes nothing, and says why', async () => {
  const source = await makeClip({
    file: 'hevc.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25:duration=1', '-c:v', 'libx265', '-preset', 'ultrafast'],
      ...['-crf', '35', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none'],
    ],
  });
  const mill = await testMill();
  const kept = await mill.run(source, 'preserve', { skipBelow: '1' });
  const { renditions, warnings, source: was } = await kept.manifest();
  expect(kept.outcome).toMatchObject({ status: 'done' });
  expect(kept.encoded()).toEqual({});
  expect(renditions).toMatchObject([{ sha256: was.sha256, bytes: was.bytes, quality: { metric: 'identical' } }]);
  expect(warnings).toEqual([
    expect.stringMatching(/^the source is HEVC already, with 0\.\d{4} bits a pixel, and skipBelow=1 keeps it/),
  ]);
  expect((await mill.run(source, 'preserve', { skipBelow: '1' })).outcome).toMatchObject({ status: 'unchanged' });
});
