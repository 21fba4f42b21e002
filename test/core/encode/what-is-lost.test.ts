import { describe, expect, it } from '@jest/globals';
import { encodeSpecFor } from '../../../core/encode/encode-spec-for.ts';
import { whatIsLost } from '../../../core/encode/what-is-lost.ts';
import type { VideoFacts } from '../../../core/film/probe.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { candidates } from '../../../core/recipes/renditions.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';
import { aStream, aVideo } from '../../fixtures/probes.ts';

type Asked = { readonly recipe?: string; readonly set?: Record<string, string>; readonly video?: Partial<VideoFacts> };

/** What the first rendition of a recipe loses of a picture. */
function lost(
  codec: string,
  { recipe: id = 'preserve', set = {}, video: changes = {} }: Asked = {},
): readonly string[] {
  const recipe = recipeNamed(id);
  const settings = resolveSettings(recipe, set);
  const video = aVideo(changes);
  const [rendition] = candidates(recipe, settings);
  if (!rendition) throw new Error(`${id} makes nothing`);
  const frameRate = { num: 25, den: 1 };
  const { spec, losses, padding } = encodeSpecFor({
    rendition,
    settings,
    video,
    frameRate,
    tools: {},
  });
  return whatIsLost({ rendition, spec, losses, padding, source: { main: { ...aStream('video', codec), video } } });
}

const EVERY_PIXEL = 'recipe preserve with lossless=true keeps every pixel';

describe('what is added to a picture', () => {
  it.each([
    ['dxv', 'yuv420p', 'black'],
    ['hap', 'yuv420p', 'black'],
    ['hapalpha', 'yuva444p10le', 'transparent'],
  ])('for %s of %s is %s', (codec, pixelFormat, what) => {
    const told = lost('prores', { recipe: 'vj', set: { codec }, video: { width: 162, height: 98, pixelFormat } });
    expect(told).toContainEqual(expect.stringMatching(`are added, which are ${what}$`));
  });
});

describe('what is lost of a master', () => {
  it.each([
    ['ffv1', 'FFV1'],
    ['huffyuv', 'HuffYUV'],
    ['ffvhuff', 'HuffYUV'],
    ['utvideo', 'Ut Video'],
    ['rawvideo', 'uncompressed'],
    ['v210', 'uncompressed'],
    ['qtrle', 'QuickTime Animation'],
  ])('%s is said, with the setting that keeps it', (codec, name) => {
    expect(lost(codec)).toEqual([`the source is lossless (${name}) and what is made of it is not: ${EVERY_PIXEL}`]);
    expect(lost(codec, { set: { lossless: 'true' } })).toEqual([]);
  });

  it('ProRes, DNxHD and CineForm are called masters for editing', () => {
    for (const [codec, name] of Object.entries({ prores: 'ProRes', dnxhd: 'DNxHD', cfhd: 'CineForm' }))
      expect(lost(codec, { video: { pixelFormat: 'yuv422p10le' } })).toEqual([
        `the source is a master for editing (${name}) and what is made of it is for watching: keep the source, or ${EVERY_PIXEL}`,
      ]);
  });

  it.each([
    ['yuv420p', true],
    ['yuv444p', true],
    ['yuv444p', false],
    ['yuv420p', false],
  ])('H.264 in %s, of which its header says that it is lossless: %s', (pixelFormat, isLossless) => {
    const told = lost('h264', {
      video: { pixelFormat, profile: 'High 4:4:4 Predictive', ...(isLossless && { isLossless }) },
    });
    expect(told).toEqual(isLossless ? [expect.stringMatching(/^the source is lossless \(lossless H\.264\)/)] : []);
  });

  it('is not said of renditions for editing and for the stage, which are chosen for what they are', () => {
    expect(lost('prores', { recipe: 'mezzanine', video: { pixelFormat: 'yuv422p10le' } })).toEqual([]);
    expect(lost('ffv1', { recipe: 'vj' })).toEqual([]);
  });
});

describe('what else is lost', () => {
  it('is transparency, with the recipe that keeps it', () => {
    expect(lost('prores', { video: { pixelFormat: 'yuva444p12le' } })[0]).toBe(
      'preserve cannot hold the alpha channel of yuva444p12le; recipe vj with codec=hapalpha keeps it',
    );
    expect(lost('qtrle', { recipe: 'vj', set: { codec: 'hapalpha' }, video: { pixelFormat: 'argb' } })).toEqual([]);
  });

  it('is smooth playing of a stream with very many frames a second, though none is dropped', () => {
    const fast = { averageFrameRate: { num: 240, den: 1 }, baseFrameRate: { num: 240, den: 1 } };
    expect(lost('h264', { recipe: 'ladder', video: fast })).toEqual([
      'the source has 240 frames a second, and all of them are kept: players of streams may not keep up; recipe preserve is for the archive',
    ]);
    expect(lost('h264', { video: fast })).toEqual([]);
    expect(lost('h264', { recipe: 'ladder', video: { averageFrameRate: { num: 60_000, den: 1001 } } })).toEqual([]);
  });

  it.each([
    {
      of: 'an odd width',
      video: { width: 161, height: 120 },
      says: 'preserve is 162x120, since yuv420p needs an even width: 1 column at the right is added, which is black',
    },
    {
      of: 'a picture that blocks of HAP do not fill',
      asked: { recipe: 'vj' },
      video: { width: 161, height: 121 },
      says: 'hap is 164x124, since HAP needs sides that are multiples of 4: 3 columns at the right and 3 rows at the bottom are added, which are black',
    },
    {
      of: 'a picture with alpha',
      asked: { recipe: 'vj', set: { codec: 'hapalpha' } },
      video: { width: 160, height: 122, pixelFormat: 'rgba' },
      says: 'hapalpha is 160x124, since HAP needs sides that are multiples of 4: 2 rows at the bottom are added, which are transparent',
    },
  ])('is not said of $of, to which lines are added', ({ asked, video, says }) => {
    expect(lost('h264', { ...asked, video })).toEqual([says]);
  });

  it('is nothing of ordinary films', () => {
    for (const codec of ['h264', 'hevc', 'av1', 'mpeg2video', 'mjpeg', 'vp9']) expect(lost(codec)).toEqual([]);
  });
});
