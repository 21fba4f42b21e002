import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { segmentArgs } from '../../core/encode/encode-args.ts';
import { encodeSpecFor } from '../../core/encode/encode-spec-for.ts';
import { type ColourField, nameOfCode } from '../../core/film/colour-codes.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import { meaninglessColours, probedColour } from '../../core/film/probed-colour.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { type RawSettings, resolveSettings } from '../../core/settings/settings.ts';
import { fileOf } from '../fixtures/make.ts';
import { aVideo } from '../fixtures/probes.ts';
import { streamOf } from '../support/ffprobe.ts';

const FAST = { preset: 'ultrafast' };
const ASKED: readonly (readonly [recipe: string, settings: RawSettings])[] = [
  ['preserve', FAST],
  ['preserve', { ...FAST, codec: 'av1' }],
  ['ladder', FAST],
  ['mezzanine', { profile: 'proxy' }],
  ['mezzanine', { profile: 'hevc-intra' }],
  ['vj', {}],
];

/** What ffmpeg can set as a picture's code: H.273's up to the highest that its version names. */
const HIGHEST = { primaries: 22, transfer: 18, matrix: 14 } as const;
type Codes = Readonly<Record<ColourField, number>>;

const SDR: Codes = { primaries: 1, transfer: 1, matrix: 1 };
const HDR: Codes = { primaries: 9, transfer: 16, matrix: 9 };
const NONE: Codes = { primaries: 2, transfer: 2, matrix: 2 };

const BESIDE = { 'BT.709': SDR, HDR10: HDR, nothing: NONE };

/** Codes that are reserved or that an encoder does not take, each alone beside others. */
const ODD = [
  ...[0, 3, 13, 22].map((primaries) => ({ primaries })),
  ...[0, 3].map((transfer) => ({ transfer })),
  ...[0, 3].map((matrix) => ({ matrix })),
];

/** Each code of each field, in as few films as there are codes. */
const EACH = Array.from({ length: HIGHEST.primaries + 1 }, (_, code) => ({
  primaries: code,
  transfer: code % (HIGHEST.transfer + 1),
  matrix: code % (HIGHEST.matrix + 1),
}));

const FILMS: readonly (Codes & { readonly beside: string })[] = [
  ...Object.entries(BESIDE).flatMap(([beside, others]) => ODD.map((odd) => ({ ...others, ...odd, beside }))),
  ...EACH.map((codes) => ({ ...codes, beside: 'each other' })),
];

/** The words of ffprobe: it has one for codes that H.273 reserves for ever, and none for codes without a name. */
const wordOf = (what: ColourField, code: number) =>
  nameOfCode(what, code) ?? (code === 3 || code === 0 ? 'reserved' : code === 2 ? 'unknown' : undefined);

function pictureOf(codes: Codes): VideoFacts {
  const said = {
    color_primaries: wordOf('primaries', codes.primaries),
    color_transfer: wordOf('transfer', codes.transfer),
    color_space: wordOf('matrix', codes.matrix),
    pix_fmt: 'yuv420p',
  };
  return aVideo({
    ...{ width: 96, height: 64, colour: probedColour(said, undefined), ...meaninglessColours(said) },
  });
}

function specsOf(video: VideoFacts) {
  return ASKED.map(([id, asked]) => {
    const recipe = recipeNamed(id);
    const settings = resolveSettings(recipe, asked);
    const rendition = candidates(recipe, settings).at(-1);
    if (!rendition) throw new Error(`${id} makes nothing`);
    const { spec } = encodeSpecFor({ rendition, settings, video, frameRate: { num: 25, den: 1 }, tools: {} });
    return spec;
  });
}

/** Makes one picture by each recipe, by one ffmpeg, and returns where they lie. */
async function made(
  { primaries, transfer, matrix }: Codes,
  specs: ReturnType<typeof specsOf>,
): Promise<readonly string[]> {
  const folder = dirname(await fileOf(`${primaries}-${transfer}-${matrix}`, ''));
  const marked = `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}`; // lavfi itself hands on no colours
  const outputs = specs.map((made, i) => {
    const spec = { ...made, filters: [marked, ...made.filters] };
    const args = segmentArgs({
      ...{ input: [], stream: 0, spec },
      window: { from: 0, skip: 0, lead: 0, frames: undefined } as Parameters<typeof segmentArgs>[0]['window'],
    });
    const path = join(folder, `${i}.nut`);
    return { path, args: [...args.slice(args.indexOf('-map'), args.indexOf('-progress')), '-f', 'nut', '-y', path] };
  });
  await execa(
    'ffmpeg',
    [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=96x64:r=25:d=0.04,format=yuv420p',
      ...outputs.flatMap(({ args }) => args),
    ],
    {
      env: { SVT_LOG: '1' },
    },
  );
  return outputs.map(({ path }) => path);
}

describe('each code that H.273 has or reserves', () => {
  it.each(FILMS)('is kept or no hindrance: $primaries, $transfer, $matrix beside $beside', async (codes) => {
    const specs = specsOf(pictureOf(codes));
    const paths = await made(codes, specs);
    const found = await Promise.all(paths.map((path) => streamOf(path)));
    for (const [i, { colour, codec }] of specs.entries()) {
      const said = found[i] ?? {};
      const wanted = [colour.primaries, colour.transfer, colour.matrix];
      const is = [said.color_primaries, said.color_transfer, said.color_space].map((word, j) =>
        wanted[j] === undefined ? undefined : word,
      );
      expect([codec, ...is]).toEqual([codec, ...wanted]);
    }
  });
});
