import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-g', '10', '-pix_fmt', 'yuv420p'];
const short = { file: 'short.mp4', args: ['-f', 'lavfi', '-i', 'testsrc2=size=96x72:rate=10:duration=2', ...x264] };
const long = { file: 'long.mp4', args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=5:duration=30', ...x264] };
const QUICK = { preset: 'ultrafast', model: 'websr-s-rl,websr-m-rl' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('two models named at once', () => {
  it('make a film each, and a page that shows them side by side', async () => {
    const clip = await mill.own(await makeClip(short), 'short.mp4');
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, comparison } = await manifest();
    expect(renditions.map(({ path: file, frames, width }) => [file, frames, width])).toEqual([
      ['upscaled-websr-s-rl.mp4', 20, 192],
      ['upscaled-websr-m-rl.mp4', 20, 192],
    ]);
    expect(comparison?.map((file) => file.path)).toEqual(['comparison.html', 'comparison.json']);
    const { models } = JSON.parse(await readFile(path('comparison.json'), 'utf8'));
    expect(models).toMatchObject([{ model: 'websr-s-rl' }, { model: 'websr-m-rl' }]);
    for (const { psnrY, ssim, flicker, framesPerSecond, usdPerSourceMinute } of models) {
      expect([psnrY > 15 && psnrY < 60, ssim > 0.5 && ssim < 1]).toEqual([true, true]);
      expect([flicker > 0, framesPerSecond > 0, usdPerSourceMinute > 0]).toEqual([true, true, true]);
    }
    const page = await readFile(path('comparison.html'), 'utf8');
    expect(page.match(/data:image\/png;base64,iVBOR/g)).toHaveLength(15);
    expect((await mill.run(clip, 'upscale', QUICK)).outcome.status).toBe('unchanged');
  });

  it('use three windows of a long film, and say so', async () => {
    const { outcome, manifest } = await mill.run(await makeClip(long), 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    for (const { frames } of renditions) expect(Math.abs(frames - 30)).toBeLessThanOrEqual(3);
    expect(warnings.join()).toContain('compared on 6 s of the picture, from 4.0, 14.0, 24.0 s on');
  });

  it.each([
    { model: 'websr-s-rl,realesr-animevideov3-4x', says: 'the models enlarge differently, 2 and 4 times' },
    { model: 'websr-s-rl,websr-s-rl', says: 'is out of range' },
    { model: 'websr-s-rl,websr-m-rl,websr-l-rl', says: 'or two with a comma between them' },
    { model: 'websr-s-rl,nothing', says: 'is out of range' },
  ])('are refused for model=$model', async ({ model, says }) => {
    const { outcome } = await mill.run(await makeClip(short), 'upscale', { model });
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage', reason: expect.stringContaining(says) });
  });
});
