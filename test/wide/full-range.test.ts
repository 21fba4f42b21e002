import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { askImageio, findProgram } from '../../media/tools/find-tools.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { bars, barsOnScreen, farthest } from '../support/screen-colours.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { PATH, REELMILL_FFMPEG } = process.env;
let alone: string;
let newer: string;
beforeAll(async () => {
  const python = await findProgram('python3', PATH ?? '');
  newer = (python && (await askImageio(python, new AbortController().signal))) ?? '';
  alone = await temporaryFolder();
  for (const name of ['ffmpeg', 'ffprobe'])
    await symlink((await findProgram(name, PATH ?? ''))?.path ?? '', join(alone, name));
});
afterEach(() => {
  process.env.PATH = PATH;
  if (REELMILL_FFMPEG === undefined) delete process.env.REELMILL_FFMPEG;
  else process.env.REELMILL_FFMPEG = REELMILL_FFMPEG;
});

const full = (size: string, matrix: '709' | '170m', format: string) => bars(size, { matrix, range: 'full', format });
const flagged = (matrix: 'bt709' | 'smpte170m') => ['-color_range', 'pc', '-colorspace', matrix];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8'];
const tenBits = {
  file: 'ten-bits.mp4',
  args: [...full('320x180', '170m', 'yuv420p10le'), ...x264, ...flagged('smpte170m')],
};
const yuvj = { file: 'yuvj.mp4', args: [...full('320x180', '709', 'yuvj420p'), ...x264, ...flagged('bt709')] };
const vp9 = {
  file: 'vp9.webm',
  args: [
    ...[...full('160x96', '170m', 'yuv420p'), '-c:v', 'libvpx-vp9', '-crf', '10', '-b:v', '0', '-cpu-used', '8'],
    ...['-deadline', 'realtime', ...flagged('smpte170m')],
  ],
};
const sixteenBits = {
  file: 'sixteen-bits.mkv',
  args: [...full('160x96', '170m', 'yuv444p16le'), '-c:v', 'ffv1', ...flagged('smpte170m')],
};
const QUICK = { preset: 'ultrafast' };
const LARGER = { ...QUICK, evenIfLarger: 'true' };
type Case = {
  readonly of: string;
  readonly source: typeof vp9;
  readonly recipe: string;
  readonly settings: RawSettings;
};
const byBoth: readonly Case[] = [
  { of: '10 bits', source: tenBits, recipe: 'ladder', settings: QUICK },
  { of: 'a yuvj picture', source: yuvj, recipe: 'mezzanine', settings: { profile: 'proxy' } },
];
const byOldest: readonly Case[] = [
  ...byBoth,
  { of: '10 bits', source: tenBits, recipe: 'downscale', settings: { ...LARGER, shortSide: '96' } },
  { of: '16 bits', source: sixteenBits, recipe: 'preserve', settings: LARGER },
  { of: 'VP9', source: vp9, recipe: 'upscale', settings: { ...QUICK, model: 'websr-s-rl' } },
];
const lossless = { ...LARGER, shortSide: '96', lossless: 'true' };
const byNewer: readonly Case[] = [
  ...byBoth,
  { of: '10 bits', source: tenBits, recipe: 'downscale', settings: lossless },
];

describe.each([
  { by: "Debian's ffmpeg alone", environment: () => ({ PATH: alone }), cases: byOldest },
  { by: 'ffmpeg 7', environment: () => ({ REELMILL_FFMPEG: newer }), cases: byNewer },
])('full range that a flag states is full range on screen, by $by', ({ environment, cases }) => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });

  it.each(cases)('of $of by $recipe $settings', async ({ source, recipe, settings }) => {
    const clip = await makeClip(source);
    Object.assign(process.env, environment());
    const { outcome, manifest, path } = await mill.run(clip, recipe, settings);
    process.env.PATH = PATH;
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const shown = await barsOnScreen(clip);
    for (const made of (await manifest()).renditions) {
      expect(farthest(shown, await barsOnScreen(path(made.path)))).toBeLessThan(14);
      expect(made.checks.map(({ name }) => name)).toContain('levels match the source');
    }
  });
});
