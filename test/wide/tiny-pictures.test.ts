import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const tiny = (size: string) =>
  makeClip({
    file: `${size}.mkv`,
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=128x128:rate=25:duration=0.4'],
      ...['-vf', `scale=${size},format=yuv420p`, '-c:v', 'ffv1'],
    ],
  });
const FOR_ANY = { evenIfLarger: 'true' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a tiny picture', () => {
  it.each([
    { size: '36x20', recipe: 'preserve', settings: FOR_ANY, width: 36, height: 20 }, // x265 crashed on it
    { size: '15x15', recipe: 'preserve', settings: FOR_ANY, width: 16, height: 16 },
    { size: '63x63', recipe: 'preserve', settings: { ...FOR_ANY, preset: 'ultrafast' }, width: 64, height: 64 },
    { size: '3x5', recipe: 'vj', settings: {}, width: 4, height: 8 },
    { size: '100x1', recipe: 'mezzanine', settings: { profile: 'hq' }, width: 100, height: 1 },
    { size: '1x1', recipe: 'ladder', settings: {}, width: 2, height: 2 },
  ])('of $size is made by $recipe', async ({ size, recipe, settings, width, height }) => {
    const { outcome, manifest } = await mill.run(await tiny(size), recipe, settings);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions.at(-1)).toMatchObject({ width, height, frames: 10 });
  });

  it.each([
    { size: '3x5', recipe: 'preserve', settings: FOR_ANY, is: '4x6' },
    { size: '64x8', recipe: 'downscale', settings: FOR_ANY, is: '64x8' },
    { size: '100x1', recipe: 'mezzanine', settings: { profile: 'hevc-intra' }, is: '100x2' },
  ])('of $size is refused by $recipe before anything is encoded', async ({ size, recipe, settings, is }) => {
    const { outcome, encoded } = await mill.run(await tiny(size), recipe, settings);
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'bad-input',
      reason: expect.stringMatching(`^the picture is ${is}; .* ProRes \\(mezzanine\\) and HAP \\(vj\\) take any size$`),
    });
    expect(encoded()).toEqual({});
  });
});
