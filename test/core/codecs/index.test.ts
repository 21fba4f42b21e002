import { describe, expect, it } from '@jest/globals';
import { CODECS } from '../../../core/codecs/index.ts';
import { encoderArgs } from '../../../core/encode/encode-args.ts';
import { encodeSpecFor } from '../../../core/encode/encode-spec-for.ts';
import type { VideoFacts } from '../../../core/film/probe.ts';
import { encodedBy } from '../../../core/recipes/hardware-choice.ts';
import { RECIPES } from '../../../core/recipes/index.ts';
import type { Recipe } from '../../../core/recipes/recipe.ts';
import { candidates } from '../../../core/recipes/renditions.ts';
import { type RawSettings, resolveSettings, type Settings } from '../../../core/settings/settings.ts';

const NOTHING_SAID = {
  primaries: undefined,
  transfer: undefined,
  matrix: undefined,
  range: undefined,
  chromaLocation: undefined,
};
const HDR10 = {
  primaries: 'bt2020',
  transfer: 'smpte2084',
  matrix: 'bt2020nc',
  range: 'tv',
  chromaLocation: 'left',
} as const;

const video = (over: Partial<VideoFacts> = {}): VideoFacts => ({
  ...{ width: 1926, height: 1080, sar: { num: 1, den: 1 }, pixelFormat: 'yuv420p', fieldOrder: 'progressive' },
  ...{ baseFrameRate: undefined, averageFrameRate: undefined, colour: NOTHING_SAID, displayMatrix: undefined },
  hdr: { masterDisplay: undefined, contentLight: undefined, dolbyVision: undefined, hdr10plus: false },
  ...{ isAttachedPicture: false, hasClosedCaptions: false, ...over },
});

const made = (recipe: string, name: string, over?: Partial<VideoFacts>, encoder: Settings['encoder'] = 'software') => {
  const found = RECIPES.find(({ id }) => id === recipe) as Recipe;
  const rendition = found.renditions.find((each) => each.name === name);
  if (!rendition) throw new Error(`no ${name} in ${recipe}`);
  const frameRate = { num: 25, den: 1 };
  return encodeSpecFor({
    rendition: encodedBy(rendition, { encoder }),
    ...{ settings: found.defaults, video: video(over), frameRate, tools: {} },
  });
};

describe("a codec's command", () => {
  it.each([
    {
      of: 'ladder 4k',
      args: '-c:v libx265 -preset medium -crf 23 -x265-params',
      has: 'keyint=50:min-keyint=50:scenecut=0',
    },
    {
      of: 'ladder hd',
      args: '-c:v libx264 -preset medium -profile:v baseline -crf 23 -x264-params threads=4:lookahead-threads=1:sliced-threads=0:keyint=50:min-keyint=50:scenecut=0',
    },
    { of: 'mezzanine lt', args: '-pix_fmt yuv422p10le -c:v prores_ks -profile:v 1 -vendor apl0' },
    { of: 'mezzanine hevc-intra', args: '-pix_fmt yuv420p10le -c:v libx265 -preset medium -crf 18', has: 'keyint=1' },
    { of: 'vj hap', args: '-pix_fmt rgba -c:v hap -format hap -chunks 4' },
    { of: 'vj hapq', args: '-c:v hap -format hap_q -chunks 4' },
    { of: 'vj hapalpha', args: '-c:v hap -format hap_alpha -chunks 4' },
    { of: 'vj dxv', args: '-pix_fmt rgba -c:v dxv -format dxt1 -tag:v DXD3' },
  ])('$of is $args', ({ of, args, has = '' }) => {
    const [recipe = '', name = ''] = of.split(' ');
    const command = encoderArgs(made(recipe, name).spec).join(' ');
    expect(command).toContain(args);
    expect(command).toContain(has);
  });

  it('fixes the number of threads, which determines the bytes, in every codec of x264 and x265', () => {
    for (const { id, renditions } of RECIPES)
      for (const { name, codec } of renditions)
        if (/^x26/.test(codec)) expect(encoderArgs(made(id, name).spec).join(' ')).toMatch(/[ :](frame-)?threads=\d/);
  });
});

describe('AV1', () => {
  const asked = (id: string, settings: RawSettings, over?: Partial<VideoFacts>) => {
    const recipe = RECIPES.find((each) => each.id === id) as Recipe;
    const resolved = resolveSettings(recipe, { codec: 'av1', ...settings });
    const [rendition] = candidates(recipe, resolved);
    if (!rendition) throw new Error(`nothing by ${id}`);
    return encodeSpecFor({
      rendition,
      settings: resolved,
      video: video(over),
      frameRate: { num: 25, den: 1 },
      tools: {},
    });
  };

  it.each([
    { recipe: 'preserve', settings: {}, over: {} },
    { recipe: 'preserve', settings: { crf: 40, preset: 'slow', grain: 12 }, over: { pixelFormat: 'yuv420p10le' } },
    {
      recipe: 'preserve',
      settings: {},
      over: {
        pixelFormat: 'yuv420p10le',
        colour: HDR10,
        hdr: {
          masterDisplay: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)',
          contentLight: '1000,400',
          dolbyVision: undefined,
          hdr10plus: false,
        },
      },
    },
    { recipe: 'downscale', settings: { shortSide: 720 }, over: {} },
    { recipe: 'upscale', settings: {}, over: { width: 480, height: 270 } },
    { recipe: 'sphere', settings: {}, over: { width: 7680, height: 3840 } },
    { recipe: 'ladder', settings: {}, over: { width: 3840, height: 2160 } },
  ] as const)('is told the same everywhere: $recipe with $settings', ({ recipe, settings, over }) => {
    expect(encoderArgs(asked(recipe, settings, over).spec).join(' ')).toMatchSnapshot();
  });

  it('has 10 bits, and loses nothing of a picture in 8 or 10', () => {
    for (const pixelFormat of ['yuv420p', 'yuvj420p', 'yuv420p10le', 'gray']) {
      const { spec, losses } = asked('preserve', {}, { pixelFormat });
      expect({ pixelFormat: spec.pixelFormat, losses }).toEqual({ pixelFormat: 'yuv420p10le', losses: [] });
    }
  });
});

describe("a graphics card's encoder", () => {
  const commands = (['nvenc', 'qsv', 'videotoolbox'] as const).flatMap((encoder) =>
    [
      { recipe: 'preserve', name: 'preserve' },
      { recipe: 'ladder', name: '4k' },
      { recipe: 'ladder', name: 'sd' },
    ].flatMap(({ recipe, name }) =>
      ['yuv420p', 'yuv420p10le'].map((pixelFormat) => ({ encoder, recipe, name, pixelFormat })),
    ),
  );

  it.each([
    ...commands,
    { encoder: 'nvenc', recipe: 'mezzanine', name: 'hevc-intra', pixelFormat: 'yuv420p' } as const,
  ])(
    'is told the same everywhere: $encoder for $recipe $name of $pixelFormat',
    ({ encoder, recipe, name, pixelFormat }) => {
      expect(encoderArgs(made(recipe, name, { pixelFormat }, encoder).spec).join(' ')).toMatchSnapshot();
    },
  );

  it.each(
    (['nvenc', 'qsv'] as const).flatMap((encoder) =>
      ['yuv420p', 'yuv420p10le'].flatMap((pixelFormat) =>
        [{}, { crf: 40 }].map((settings) => ({ encoder, pixelFormat, settings })),
      ),
    ),
  )(
    'is told the same everywhere for AV1: $encoder of $pixelFormat with $settings',
    ({ encoder, pixelFormat, settings }) => {
      for (const id of ['preserve', 'ladder']) {
        const recipe = RECIPES.find((each) => each.id === id) as Recipe;
        if (id === 'ladder' && 'crf' in settings) continue;
        const resolved = resolveSettings(recipe, { codec: 'av1', encoder, ...settings });
        const [rendition] = candidates(recipe, resolved);
        if (!rendition) throw new Error(`nothing by ${id}`);
        const facts = { settings: resolved, video: video({ pixelFormat }), frameRate: { num: 25, den: 1 }, tools: {} };
        expect(encoderArgs(encodeSpecFor({ rendition, ...facts }).spec).join(' ')).toMatchSnapshot();
      }
    },
  );

  it('is given the depth and chroma that it takes, and the losses are named', () => {
    const deep = made('preserve', 'preserve', { pixelFormat: 'yuv422p12le' }, 'nvenc');
    expect(deep.spec.pixelFormat).toBe('yuv420p10le');
    expect(deep.losses).toEqual(['bits beyond 10 of 12', 'chroma beyond 4:2:0']);
    const hdr = { masterDisplay: 'G(1,1)', contentLight: '1000,400', dolbyVision: undefined, hdr10plus: false };
    expect(made('preserve', 'preserve', { hdr }, 'qsv').losses).toEqual([
      'the mastering display and light levels of HDR10',
    ]);
  });

  it.each([
    { asked: { encoder: 'nvenc', lossless: true }, of: 'x265', says: /lossless=true; take encoder=software/ },
    {
      asked: { encoder: 'videotoolbox' },
      of: 'svt-av1',
      says: /take encoder=nvenc or encoder=qsv or encoder=software/,
    },
    { asked: { encoder: 'nvenc', grain: 10 }, of: 'svt-av1', says: /grain=10 asks; take encoder=software/ },
    { asked: { encoder: 'qsv' }, of: 'x265-intra', says: /encoder=qsv .*take encoder=nvenc or encoder=software/ },
    { asked: { encoder: 'nvenc' }, of: 'prores', says: /"x" \(prores\); take encoder=software/ },
  ] as const)('is refused for what it does not make: $asked for $of', ({ asked, of, says }) => {
    const rendition = { name: 'x', parent: 'source', codec: of, delivery: 'edit' } as const;
    expect(() => encodedBy(rendition, asked)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(says) }),
    );
  });
});

describe('the picture of a codec', () => {
  it.each([
    { of: 'vj hap', size: [1928, 1080], adds: [2, 0] },
    { of: 'vj dxv', size: [1936, 1088], adds: [10, 8] },
    { of: 'mezzanine 422', size: [1926, 1080], adds: undefined },
  ])('of $of is padded to $size', ({ of, size: [width, height], adds }) => {
    const [recipe = '', name = ''] = of.split(' ');
    const { spec, padding } = made(recipe, name);
    expect(spec.size).toEqual({ width, height });
    expect(padding && [padding.columns, padding.rows]).toEqual(adds);
  });

  it.each([
    { of: 'vj hapalpha', from: 'yuva444p12le', loses: 'bits beyond 8 of 12' },
    { of: 'vj hap', from: 'yuva444p12le', loses: 'the alpha channel' },
    { of: 'mezzanine 422', from: 'yuv444p12le', loses: 'chroma beyond 4:2:2' },
    { of: 'mezzanine 422', from: 'yuv444p12le', loses: 'bits beyond 10 of 12' },
    { of: 'ladder hd', from: 'rgba', loses: 'the alpha channel' },
  ])('of $of says that it loses $loses of $from', ({ of, from, loses }) => {
    const [recipe = '', name = ''] = of.split(' ');
    expect(made(recipe, name, { pixelFormat: from }).losses).toContain(loses);
  });
});

describe('the colour of a codec', () => {
  it('is BT.709 in a mezzanine if the source says nothing, and HDR if the source is HDR', () => {
    expect(made('mezzanine', '422').spec.colour).toMatchObject({ primaries: 'bt709', matrix: 'bt709', range: 'tv' });
    expect(made('mezzanine', '422', { colour: HDR10 }).spec.colour).toMatchObject({ transfer: 'smpte2084' });
  });

  it.each([
    { source: 'HD that says nothing', over: {}, matrix: 'bt709' },
    { source: 'SD that says nothing', over: { width: 720, height: 576 }, matrix: 'smpte170m' },
    {
      source: 'SD that says BT.709',
      over: { width: 720, height: 576, colour: { ...NOTHING_SAID, matrix: 'bt709' } },
      matrix: 'bt709',
    },
    { source: 'BT.2020 in SDR', over: { colour: { ...NOTHING_SAID, matrix: 'bt2020nc' } }, matrix: 'bt2020' },
  ])('becomes RGB by $matrix for $source', ({ over, matrix }) => {
    expect(made('vj', 'hap', over).spec.filters.join()).toContain(`in_color_matrix=${matrix}:`);
  });

  it('is not converted if it is RGB already', () => {
    expect(made('vj', 'hap', { pixelFormat: 'rgb24', width: 1920 }).spec.filters).toEqual(['format=rgba']);
    expect(made('vj', 'hapalpha', { pixelFormat: 'rgba', width: 1920 }).spec.filters).toEqual(['format=rgba']);
  });

  it('is tone-mapped for H.264 and textures, and kept for HEVC', () => {
    const hdr = { colour: HDR10, pixelFormat: 'yuv420p10le' };
    expect(made('ladder', 'hd', hdr).spec).toMatchObject({ pixelFormat: 'yuv420p', colour: { transfer: 'bt709' } });
    expect(made('ladder', 'hd', hdr).spec.filters).toContain('tonemap=tonemap=hable:desat=0');
    expect(made('vj', 'hap', hdr).spec.filters).toContain('tonemap=tonemap=hable:desat=0');
    expect(made('ladder', '4k', hdr).spec).toMatchObject({ colour: HDR10, filters: [] });
  });
});

it.each([
  { stated: 'L(10000000,50)', becomes: 'L(10000000,50)' },
  { stated: 'L(10001234,1)', becomes: 'L(10001250,1)' },
  { stated: 'L(6000333,5)', becomes: 'L(6000352,5)' },
])('a mastering display of $stated is planned as AV1 can state it', ({ stated, becomes }) => {
  const display = `G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)${stated}`;
  expect(CODECS['svt-av1'].masterDisplay?.(display)).toBe(display.replace(stated, becomes));
});
