import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

const moving = (rate: number) => ['-f', 'lavfi', '-i', `testsrc2=size=160x96:rate=${rate}:duration=2`];
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '3', '-f', 'mpegts'];
const whole = { file: 'whole.ts', args: [...moving(25), ...mpeg2] };
const fields = {
  file: 'fields.ts',
  args: [
    ...[...moving(50), '-vf', 'tinterlace=interleave_top,setfield=tff', '-flags', '+ildct+ilme'],
    ...['-output_ts_offset', '2', ...mpeg2],
  ],
};

it('a recording whose pictures say which of them are interlaced keeps the others as they are', async () => {
  const parts = await Promise.all([whole, fields].map(async (part) => readFile(await makeClip(part))));
  const source = await fileOf('mixed.ts', Buffer.concat(parts));
  const { manifest } = await milledFile(source, { preset: 'ultrafast', evenIfLarger: 'true' });
  expect(manifest.renditions[0]?.fields).toMatchObject({ pictures: 2, parts: [{ start: 50, end: 100, first: 'tff' }] });
});
