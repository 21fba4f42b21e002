import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { keyframeTimes } from '../support/ffprobe.ts';
import { testMill } from '../support/mill.ts';
import { playlistOf } from '../support/streamed.ts';

/** One rung in HEVC, one in H.264. */
const small = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 90 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 160 } },
  ],
};

/** Two pictures a second in a clock of sixty; then sixty a second for a second and a half. */
const UNEVEN = "select='if(lt(t,8),not(mod(n,30)),1)'";

describe('keyframes of a film with a variable frame rate', () => {
  it.each([
    { access: 'by seeking', file: 'uneven.mkv' },
    { access: 'by one decode', file: 'uneven.ts' },
  ])('are two seconds apart at most and the same in each rendition: $access', async ({ file }) => {
    const picture = [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=160x90:rate=60:duration=9.5,${UNEVEN}`,
      '-fps_mode',
      'passthrough',
    ];
    const args = [...picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10'];
    const source = await makeClip({ file, args });
    const { outcome, manifest, path } = await (await testMill()).run(source, small, {
      preset: 'ultrafast',
      segmentSeconds: '3-5',
    });
    expect(outcome).toMatchObject({ status: 'done' });
    const times = await keyframeTimes(path('4k.mp4'));
    expect(await keyframeTimes(path('sd.mp4'))).toEqual(times);
    const gaps = [...times.slice(1), 9.5].map((time, i) => time - (times[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2.002);
    expect(times.length).toBeLessThan(12);
    const { parts } = await playlistOf(path('sd.m3u8'));
    expect(parts).toHaveLength(times.length);
    const master = await readFile(path('master.m3u8'), 'utf8');
    expect([...master.matchAll(/FRAME-RATE=([\d.]+)/g)].map(([, rate]) => Math.round(Number(rate)))).toEqual([60, 60]);
    const { renditions } = await manifest();
    expect(renditions.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  });
});
