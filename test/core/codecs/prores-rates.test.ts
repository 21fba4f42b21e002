import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { proresBitsPerPixel } from '../../../core/codecs/prores-rates.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the predicted rate of ProRes', () => {
  it.each([
    { profile: 'proxy', megabits: 38 },
    { profile: 'lt', megabits: 82 },
    { profile: '422', megabits: 122 },
    { profile: 'hq', megabits: 184 },
  ] as const)('is what Apple publishes for $profile at 1080p25', ({ profile, megabits }) => {
    const bits = proresBitsPerPixel(profile, { width: 1920, height: 1080 }) * 1920 * 1080 * 25;
    expect(bits / 1e6).toBeCloseTo(megabits, 6);
  });

  const FRAMES = 6;
  it.each([
    { profile: 'lt', number: 1, width: 320, height: 180 },
    { profile: '422', number: 2, width: 320, height: 180 },
    { profile: 'hq', number: 3, width: 320, height: 180 },
    { profile: 'hq', number: 3, width: 1024, height: 432 },
    { profile: '422', number: 2, width: 1280, height: 720 },
  ] as const)('is within 15 % of what prores_ks makes of $width x $height, $profile', async (each) => {
    const { profile, number, width, height } = each;
    const path = join(await temporaryFolder(), 'mezzanine.mov');
    await execa('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:r=25`],
      ...['-vf', 'noise=alls=12:allf=t', '-frames:v', `${FRAMES}`, '-pix_fmt', 'yuv422p10le'],
      ...['-c:v', 'prores_ks', '-profile:v', `${number}`, '-vendor', 'apl0', path],
    ]);
    const predicted = (proresBitsPerPixel(profile, { width, height }) * width * height * FRAMES) / 8;
    const { size } = await stat(path);
    expect(Math.abs(size / predicted - 1)).toBeLessThan(0.15);
  });
});
