import { describe, expect, it } from '@jest/globals';
import { asStayed } from '../../../core/recipes/codec-choice.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { recipeKeys } from '../../../core/recipes/recipe-key.ts';
import { candidates, renditionsFor } from '../../../core/recipes/renditions.ts';
import { userMenu } from '../../../core/recipes/user-recipes.ts';
import { type RawSettings, resolveSettings } from '../../../core/settings/settings.ts';
import { aVideo } from '../../fixtures/probes.ts';

const codecsOf = (id: string, asked: RawSettings) =>
  candidates(recipeNamed(id), resolveSettings(recipeNamed(id), asked)).map(({ name, codec }) => `${name} ${codec}`);
const held = (id: string, asked: RawSettings, video: Parameters<typeof aVideo>[0]) =>
  renditionsFor(recipeNamed(id), resolveSettings(recipeNamed(id), asked), aVideo(video));

describe('the codec of a rendition', () => {
  it.each([
    { id: 'preserve', asked: {}, codecs: ['preserve x265'] },
    { id: 'preserve', asked: { codec: 'hevc' }, codecs: ['preserve x265'] },
    { id: 'preserve', asked: { codec: 'av1' }, codecs: ['preserve svt-av1'] },
    { id: 'downscale', asked: { codec: 'av1' }, codecs: ['downscale svt-av1'] },
    { id: 'upscale', asked: { codec: 'av1' }, codecs: ['upscaled svt-av1'] },
    {
      id: 'upscale',
      asked: { codec: 'av1', mezzanine: 'hevc-intra', keepMezzanine: true },
      codecs: ['mezzanine x265-intra', 'upscaled svt-av1'],
    },
    {
      id: 'upscale',
      asked: { codec: 'av1', model: 'websr-l-rl,websr-m-rl' },
      codecs: ['upscaled-websr-l-rl svt-av1', 'upscaled-websr-m-rl svt-av1'],
    },
    { id: 'sphere', asked: { codec: 'av1' }, codecs: ['8k svt-av1', '4k svt-av1', '1440p svt-av1'] },
    { id: 'ladder', asked: { codec: 'av1' }, codecs: ['4k svt-av1', '1440p svt-av1', 'hd svt-av1', 'sd svt-av1'] },
    { id: 'ladder', asked: { codec: 'web' }, codecs: ['4k svt-av1', '1440p svt-av1', 'hd x264', 'sd x264'] },
    { id: 'ladder', asked: { codec: 'h264' }, codecs: ['4k x264', '1440p x264', 'hd x264', 'sd x264'] },
    {
      id: 'ladder',
      asked: { codec: 'hd:av1,1440p:h264' },
      codecs: ['4k x265', '1440p x264', 'hd svt-av1', 'sd x264'],
    },
    { id: 'vj', asked: { codec: 'hapq' }, codecs: ['hapq hap'] },
  ])('of $id with $asked is $codecs', ({ id, asked, codecs }) => {
    expect(codecsOf(id, asked as RawSettings)).toEqual(codecs);
  });

  it.each([
    { id: 'preserve', asked: { codec: 'vp9' }, says: /codec=vp9 is out of range; it takes hevc\|av1$/ },
    { id: 'preserve', asked: { codec: 'h264' }, says: /codec=h264 is out of range/ },
    { id: 'vj', asked: { codec: 'av1' }, says: /codec=av1 is out of range; it takes hap\|/ },
    { id: 'ladder', asked: { codec: '8k:av1' }, says: /codec=8k:av1 is out of range; .*4k:av1,sd:h264/ },
    { id: 'ladder', asked: { codec: 'hd:av1,hd:h264' }, says: /is out of range/ },
    { id: 'ladder', asked: { codec: 'hd:av1:h264' }, says: /is out of range/ },
    { id: 'ladder', asked: { codec: 'hd:' }, says: /is out of range/ },
    { id: 'ladder', asked: { codec: 'web,hd:av1' }, says: /is out of range/ },
    {
      id: 'preserve',
      asked: { codec: 'av1', lossless: true },
      says: /codec=av1 cannot encode lossless=true.*codec=hevc/,
    },
    {
      id: 'preserve',
      asked: { codec: 'av1', encoder: 'videotoolbox' },
      says: /\(svt-av1\); take encoder=nvenc or encoder=qsv or encoder=software/,
    },
    { id: 'preserve', asked: { codec: 'av1', encoder: 'qsv', grain: 8 }, says: /grain=8 asks; take encoder=software/ },
    { id: 'preserve', asked: { container: 'webm' }, says: /add codec=av1, or take container=mkv/ },
    { id: 'preserve', asked: { codec: 'av1', crf: 32.5 }, says: /takes 8-63 with codec=av1, in whole numbers/ },
    { id: 'preserve', asked: { codec: 'hevc', crf: 45 }, says: /crf=45 is out of range; it takes 10-40$/ },
    { id: 'upscale', asked: { codec: 'av1', crf: 50 }, says: /takes 11-43 with codec=av1/ },
    { id: 'preserve', asked: { codec: 'av1', grain: 51 }, says: /grain=51 is out of range; it takes 0-50/ },
    { id: 'preserve', asked: { grain: 8 }, says: /grain=8 needs codec=av1/ },
    { id: 'sphere', asked: { codec: 'hevc', grain: 8 }, says: /grain=8 needs codec=av1/ },
  ])('is refused in a sentence: $id with $asked', ({ id, asked, says }) => {
    expect(() => codecsOf(id, asked as RawSettings)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(says) }),
    );
  });
});

describe("a recipe's usual CRF", () => {
  it.each([
    { id: 'preserve', asked: { codec: 'av1' }, crf: 31 },
    { id: 'preserve', asked: { codec: 'hevc' }, crf: 23 },
    { id: 'preserve', asked: { codec: 'av1', crf: '40' }, crf: 40 },
    { id: 'upscale', asked: { codec: 'av1' }, crf: 18 },
  ])('of $id with $asked is $crf, the number of its codec', ({ id, asked, crf }) => {
    expect(resolveSettings(recipeNamed(id), asked as RawSettings).crf).toBe(crf);
  });

  it("of a user's recipe in AV1 becomes one of HEVC where a drop asks for HEVC", () => {
    const file = { recipes: { mine: { extends: 'preserve', settings: { codec: 'av1', crf: 43 } } } };
    const { recipes } = userMenu(new TextEncoder().encode(JSON.stringify(file)));
    const mine = recipes.find(({ id }) => id === 'mine');
    if (!mine) throw new Error('the recipe is not there');
    expect(resolveSettings(mine, {})).toMatchObject({ codec: 'av1', crf: 43 });
    expect(resolveSettings(mine, { codec: 'hevc' })).toMatchObject({ codec: 'hevc', crf: 28 });
  });
});

describe('a picture that AV1 cannot hold', () => {
  it.each([
    { video: { pixelFormat: 'yuv422p' }, says: 'holds 4:2:0 in 10 bits, and this picture is yuv422p' },
    { video: { pixelFormat: 'yuv444p10le' }, says: 'and this picture is yuv444p10le' },
    { video: { pixelFormat: 'yuv420p12le' }, says: 'and this picture is yuv420p12le' },
    { video: { pixelFormat: 'gbrp' }, says: 'and this picture is gbrp' },
    { video: { width: 60, height: 400 }, says: 'takes pictures from 64x64 on, and this one is 60x400' },
    { video: { width: 16_386, height: 400 }, says: 'takes pictures up to 16384x8704, and this one is 16386x400' },
  ])('stays HEVC, with the reason: $video', ({ video, says }) => {
    const [rendition] = held('preserve', { codec: 'av1' }, video);
    expect(rendition).toMatchObject({ codec: 'x265', stays: expect.stringContaining(says) });
    expect(rendition?.stays).toMatch(/^preserve stays HEVC: SVT-AV1 /);
  });

  it.each([
    { video: { pixelFormat: 'yuv420p' } },
    { video: { pixelFormat: 'yuva420p10le' } },
    { video: { pixelFormat: 'gray' } },
    { video: { width: 7680, height: 4320 } },
    { video: { width: 63, height: 65 } },
  ])('is none of these: $video', ({ video }) => {
    expect(held('preserve', { codec: 'av1' }, video)).toMatchObject([{ codec: 'svt-av1' }]);
  });

  it('is judged at the size that it gets', () => {
    const tiny = { width: 1000, height: 100 };
    expect(held('downscale', { codec: 'av1', shortSide: 32 }, tiny)[0]).toMatchObject({ codec: 'x265' });
    expect(held('upscale', { codec: 'av1', scale: 4 }, { width: 32, height: 32 })[0]).toMatchObject({
      codec: 'svt-av1',
    });
  });

  it.each(['yuv422p10le', 'yuva444p12le', 'gbrp'])(
    'is no picture that is streamed, whose chroma is 4:2:0: %s',
    (pixelFormat) => {
      expect(held('ladder', { codec: 'av1' }, { pixelFormat })).toEqual(
        Array.from({ length: 2 }, () => expect.objectContaining({ codec: 'svt-av1' })),
      );
    },
  );
});

it('a rendition that stayed HEVC is made again as HEVC, without a look at its picture', () => {
  const [rendition] = candidates(recipeNamed('preserve'), { codec: 'av1' });
  if (!rendition) throw new Error('preserve makes nothing');
  expect(asStayed(rendition, 'hevc')).toMatchObject({
    codec: 'x265',
    stays: expect.stringContaining('as it was made'),
  });
  expect(asStayed(rendition, 'av1')).toBe(rendition);
  expect(asStayed(rendition, 'h264')).toBe(rendition); // the source's own bytes
});

it('HEVC that is asked for by name is found as what nobody asked for', () => {
  const recipe = recipeNamed('preserve');
  const keyOf = (asked: RawSettings) => {
    const settings = resolveSettings(recipe, asked);
    return recipeKeys(recipe, candidates(recipe, settings), settings, new Map())[0];
  };
  expect(keyOf({ codec: 'hevc' })).toBe(keyOf({}));
  expect(keyOf({ codec: 'av1' })).not.toBe(keyOf({}));
});
