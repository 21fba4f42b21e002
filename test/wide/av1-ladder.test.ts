import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { keyframeTimes } from '../support/ffprobe.ts';
import { testMill } from '../support/mill.ts';

/** One rung in AV1 with codec=web, one in H.264. */
const small = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 90 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 160 } },
  ],
};

/** Main profile, level 2.0, 10 bits; chroma at the left; the colours that players assume of a small picture. */
const AV1_IN_BT601 = 'av01.0.00M.10.0.111.01.06.06.0';

/** Two pictures a second in a clock of sixty; then sixty a second for a second and a half. */
const UNEVEN = "testsrc2=size=160x90:rate=60:duration=6.5,select='if(lt(t,5),not(mod(n,30)),1)'";
const STEADY = 'testsrc2=size=160x90:rate=25:duration=5';

it.each([
  { what: 'a steady frame rate', picture: STEADY, file: 'steady.mp4' },
  { what: 'a variable frame rate', picture: UNEVEN, file: 'uneven.mkv' },
])('a ladder for the web of a film with $what has AV1 above H.264, and keyframes at the same times', async (film) => {
  const { picture, file } = film;
  const coded = [
    '-fps_mode',
    'passthrough',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-g',
    '10',
  ];
  const source = await makeClip({ file, args: ['-f', 'lavfi', '-i', picture, ...coded] });
  const settings = { preset: 'ultrafast', segmentSeconds: '3-5', codec: 'web' };
  const { outcome, manifest, path } = await (await testMill()).run(source, small, settings);
  expect(outcome).toMatchObject({ status: 'done' });
  const { renditions, warnings } = await manifest();
  expect(renditions.map(({ name, codec }) => `${name} ${codec}`)).toEqual(['4k av1', 'sd h264']);
  expect(renditions.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  expect(warnings).toEqual([]);
  const times = await keyframeTimes(path('4k.mp4'));
  expect(times.length).toBeGreaterThan(2);
  expect(await keyframeTimes(path('sd.mp4'))).toEqual(times);
  const master = await readFile(path('master.m3u8'), 'utf8');
  expect([...master.matchAll(/CODECS="([^"]+)"/g)].map(([, codecs]) => codecs)).toEqual(
    expect.arrayContaining([AV1_IN_BT601, expect.stringMatching(/^avc1\./)]),
  );
  expect(await readFile(path('manifest.mpd'), 'utf8')).toContain(`codecs="${AV1_IN_BT601}"`);
});
