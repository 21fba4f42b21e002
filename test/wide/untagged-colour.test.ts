import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { bars, barsOnScreen, farthest } from '../support/screen-colours.ts';

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8'];
const untagged = (file: string, size: string, matrix: '709' | '170m') => ({
  file,
  args: [...bars(size, { matrix, range: 'limited', format: 'yuv420p' }), ...x264],
});
const hd = untagged('hd.mp4', '1280x96', '709');
const pal = untagged('pal.mp4', '720x576', '170m');
const small = untagged('small.mp4', '160x96', '170m');

const QUICK = { preset: 'ultrafast' };
const LARGER = { ...QUICK, evenIfLarger: 'true' };
/** Two rungs only, of which the smaller one is below HD. */
const twoRungs = { ...ladder, renditions: ladder.renditions.slice(2) };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('an untagged picture keeps the colours with which players showed it', () => {
  it.each([
    { source: hd, recipe: twoRungs, settings: QUICK, says: 'bt709' },
    { source: hd, recipe: 'downscale', settings: { ...LARGER, shortSide: '48' }, says: 'bt709' },
    { source: pal, recipe: 'mezzanine', settings: { profile: 'proxy' }, says: 'smpte170m' },
    { source: small, recipe: 'upscale', settings: { ...QUICK, model: 'websr-s-rl' }, says: 'smpte170m' },
    { source: pal, recipe: 'preserve', settings: LARGER, says: undefined },
  ])('$source.file by $recipe', async ({ source, recipe, settings, says }) => {
    const clip = await makeClip(source);
    const { outcome, manifest, path } = await mill.run(clip, recipe, settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const shown = await barsOnScreen(clip);
    for (const made of (await manifest()).renditions) {
      const file = path(made.path);
      expect((await streamOf(file)).color_space).toBe(says);
      expect(farthest(shown, await barsOnScreen(file))).toBeLessThan(14);
    }
  });
});
