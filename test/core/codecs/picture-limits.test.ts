import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CODEC_NAMES, CODECS } from '../../../core/codecs/index.ts';
import { PICTURE_LIMITS, type PictureLimits } from '../../../core/codecs/picture-limits.ts';
import { heldBy } from '../../../core/recipes/codec-choice.ts';
import { RECIPES } from '../../../core/recipes/index.ts';
import type { Recipe } from '../../../core/recipes/recipe.ts';
import { renditionsFor } from '../../../core/recipes/renditions.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';
import { aVideo } from '../../fixtures/probes.ts';

const PAGE = 'docs/av1.md';
const PARTS = /(<!-- what each encoder takes -->\n)([\s\S]*?)(\n<!-- end -->)/;

const NAMES: Readonly<Record<keyof typeof PICTURE_LIMITS, string>> = {
  x265: 'HEVC (x265)',
  x264: 'H.264 (x264)',
  'svt-av1': 'AV1 (SVT-AV1)',
  prores: 'ProRes',
  hap: 'HAP',
  dxv: 'DXV',
  card: 'HEVC and AV1 of graphics cards',
};

const chromaOf = (chroma: string) => `4:${chroma.slice(1).split('').join(':')}`;

function rowOf(
  name: string,
  { smallestSide, largest, block, depth, chroma, alpha, fastest, hasAnother }: PictureLimits,
) {
  const sizes = [
    smallestSide > 1 ? `from ${smallestSide}x${smallestSide}` : 'any',
    ...(largest ? [`up to ${largest.width}x${largest.height}`] : []),
  ].join(' ');
  const padded = block === undefined ? 'as its chroma needs' : `to multiples of ${block}`;
  const rate = fastest === undefined ? 'any' : `any; beyond ${fastest} the encoder reckons with ${fastest}`;
  const beyond = hasAnother ? 'stays HEVC, told' : 'refused, or lost and told';
  return `| ${[name, sizes, padded, `${depth} bits, ${chromaOf(chroma)}`, alpha ? 'kept' : 'on black, told', rate, beyond].join(' | ')} |`;
}

const table = () =>
  [
    '| codec | sizes | sides padded | at most | transparency | pictures a second | a picture beyond that |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...Object.entries(PICTURE_LIMITS).map(([name, limits]) => rowOf(NAMES[name as keyof typeof NAMES], limits)),
  ].join('\n');

const av1Of = (over: Parameters<typeof aVideo>[0]) => {
  const preserve = RECIPES.find(({ id }) => id === 'preserve') as Recipe;
  const [rendition] = renditionsFor(preserve, resolveSettings(preserve, { codec: 'av1' }), aVideo(over));
  return rendition;
};

describe('the limits of the codecs', () => {
  it('are the table of docs/av1.md', () => {
    const page = readFileSync(PAGE, 'utf8');
    if (process.env.WRITE_DOCS === 'yes')
      writeFileSync(
        PAGE,
        page.replace(PARTS, (_, from, __, to) => from + table() + to),
      );
    expect(PARTS.exec(readFileSync(PAGE, 'utf8'))?.[2]).toBe(table());
  });

  it.each(CODEC_NAMES)('are where %s has its own from', (name) => {
    const { smallestSide, block } = CODECS[name];
    expect(Object.values(PICTURE_LIMITS)).toContainEqual(expect.objectContaining({ smallestSide, block }));
  });

  it.each([
    {
      what: 'tiny',
      over: { width: 16, height: 16 },
      why: 'SVT-AV1 takes pictures from 64x64 on, and this one is 16x16',
    },
    {
      what: 'a line too low',
      over: { width: 640, height: 62 },
      why: 'SVT-AV1 takes pictures from 64x64 on, and this one is 640x62',
    },
    { what: 'padded by a line', over: { width: 640, height: 63 }, why: undefined },
    { what: 'the smallest', over: { width: 64, height: 64 }, why: undefined },
    { what: '8K', over: { width: 7680, height: 4320 }, why: undefined },
    { what: 'the largest dome', over: { width: 8192, height: 8192 }, why: undefined },
    {
      what: 'a tower',
      over: { width: 1000, height: 9000 },
      why: 'SVT-AV1 takes pictures up to 16384x8704, and this one is 1000x9000',
    },
    {
      what: '12 bits',
      over: { pixelFormat: 'yuv420p12le' },
      why: 'SVT-AV1 holds 4:2:0 in 10 bits, and this picture is yuv420p12le',
    },
    {
      what: '4:2:2',
      over: { pixelFormat: 'yuv422p10le' },
      why: 'SVT-AV1 holds 4:2:0 in 10 bits, and this picture is yuv422p10le',
    },
    {
      what: '4:4:4',
      over: { pixelFormat: 'yuv444p' },
      why: 'SVT-AV1 holds 4:2:0 in 10 bits, and this picture is yuv444p',
    },
    { what: 'RGB', over: { pixelFormat: 'gbrp' }, why: 'SVT-AV1 holds 4:2:0 in 10 bits, and this picture is gbrp' },
    { what: 'transparent', over: { pixelFormat: 'yuva420p' }, why: undefined },
    { what: 'odd', over: { width: 641, height: 361 }, why: undefined },
  ])('decide whether a picture becomes AV1 or stays HEVC, with the reason: $what', ({ over, why }) => {
    expect(av1Of(over)).toMatchObject(
      why === undefined ? { codec: 'svt-av1' } : { codec: 'x265', stays: `preserve stays HEVC: ${why}` },
    );
  });

  it('leave a picture of a graphics card to the card, whose own message says what it does not take', () => {
    const rendition = { name: 'preserve', parent: 'source', codec: 'av1-nvenc', delivery: 'archive' } as const;
    expect(heldBy(rendition, aVideo({ width: 16, height: 16 }))).toBe(rendition);
  });
});

describe('a ladder with codec=web', () => {
  const ladder = RECIPES.find(({ id }) => id === 'ladder') as Recipe;
  const rungs = (width: number, height: number) =>
    renditionsFor(ladder, resolveSettings(ladder, { codec: 'web' }), aVideo({ width, height }));

  it('says of a film without a rung above 1080p that it makes no AV1 of it', () => {
    const told = rungs(1920, 1080).flatMap(({ stays }) => stays ?? []);
    expect(told).toEqual([
      'no rung is AV1: codec=web makes AV1 above 1080p alone, where this film has no rung, and H.264 below; codec=av1 makes AV1 of all',
    ]);
  });

  it('says nothing where a rung is AV1', () => {
    const all = rungs(3840, 2160);
    expect(all.map(({ codec }) => codec)).toContain('svt-av1');
    expect(all.every(({ stays }) => stays === undefined)).toBe(true);
  });
});
