import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from '@jest/globals';
import { keyContext } from '../../app/encode/key-context.ts';
import { encodeSpecFor } from '../../core/encode/encode-spec-for.ts';
import type { Stream, VideoFacts } from '../../core/film/probe.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { recipeKeys } from '../../core/recipes/recipe-key.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { contentKeys, cutSource } from '../../core/segments/segments.ts';
import { type RawSettings, resolveSettings } from '../../core/settings/settings.ts';
import { ownModels } from '../../core/upscale/own-models.ts';
import { gops, indexOf } from '../fixtures/films.ts';
import { aStream, aVideo } from '../fixtures/probes.ts';

/**
 * What lies in people's caches was named by these keys: a piece whose bytes have not changed has to be found again. Whoever
 * changes bytes on purpose writes the new keys into the file, and says so in the commit.
 */
const FILE = join(process.cwd(), 'test', 'fixtures', 'keys-of-today.json');

const ASKED: readonly (readonly [recipe: string, settings: RawSettings])[] = [
  ['preserve', {}],
  ['preserve', { lossless: true }],
  ['preserve', { crf: 28, preset: 'slow', container: 'mkv' }],
  ['preserve', { encoder: 'nvenc' }],
  ['preserve', { encoder: 'qsv' }],
  ['preserve', { encoder: 'videotoolbox' }],
  ['downscale', {}],
  ['downscale', { shortSide: 720 }],
  ['ladder', {}],
  ['ladder', { from: 'parent', onDemandBelow: 5 }],
  ['ladder', { encoder: 'nvenc' }],
  ['ladder', { encoder: 'qsv' }],
  ['ladder', { encoder: 'videotoolbox' }],
  ['vj', {}],
  ['vj', { quality: 'high' }],
  ['vj', { codec: 'hapq' }],
  ['vj', { codec: 'hapalpha' }],
  ['vj', { codec: 'hapqa', chunks: 16 }],
  ['vj', { codec: 'dxv' }],
  ...['proxy', 'lt', '422', 'hq', '4444', '4444xq', 'hevc-intra'].map((profile) => ['mezzanine', { profile }] as const),
  ['mezzanine', { profile: 'hevc-intra', encoder: 'nvenc' }],
  ['upscale', {}],
  ['upscale', { scale: 4, height: 1080, device: 'cuda' }],
  ['upscale', { pre: 'prores422', mezzanine: 'prores422hq' }],
  ['upscale', { mezzanine: 'hevc-intra', encoder: 'nvenc' }],
  ['upscale', { mezzanine: 'prores422', keepMezzanine: true, height: 720 }],
  ['upscale', { denoise: 'light', desqueeze: true, crop: '640:320:0:0' }],
  ['sphere', {}],
  ['upscale', { fps: 24 }],
  ['upscale', { model: 'my-net' }],
];

const OWN = ownModels({
  'my-net': {
    ...{ version: '1.0', summary: 'a model of my own', licence: 'MIT', scale: 2, sha256: 'ab'.repeat(32), speed: 0.05 },
    ...{ range: { black: 0, white: 1 }, network: { from: 'in', to: 'out' }, cut: { halo: 8, align: 4 } },
  },
});

const SOURCES: Readonly<Record<string, VideoFacts>> = {
  'HD video': aVideo(),
  'a DVD': aVideo({ width: 720, height: 576, sar: { num: 64, den: 45 }, fieldOrder: 'interlaced' }),
  'a small HDR10 film': aVideo({
    ...{ width: 1600, height: 900, pixelFormat: 'yuv420p10le' },
    colour: { primaries: 'bt2020', transfer: 'smpte2084', matrix: 'bt2020nc', range: 'tv', chromaLocation: 'topleft' },
    hdr: { masterDisplay: 'G(1,1)', contentLight: '1000,400', dolbyVision: undefined, hdr10plus: false },
  }),
};

const TOOLS = { ffmpeg: '5.1', encoder: '3.5' };

function keysOf(recipeId: string, asked: RawSettings): Readonly<Record<string, string>> {
  const named = recipeNamed(recipeId);
  const recipe = named.makes === 'enlarged' ? { ...named, ownModels: OWN } : named;
  const settings = resolveSettings(recipe, asked);
  const renditions = candidates(recipe, settings);
  const index = indexOf(gops('a', [30, 20, 40, 25, 60]));
  const cut = cutSource(index, { shortest: 1, longest: 3 });
  if (!cut) throw new Error('the film cannot be cut');
  const [key, before] = recipeKeys(recipe, renditions, settings, new Map([['x265', TOOLS]]));
  const keys: Record<string, string> = { recipe: before, 'recipe in new manifests': key };
  for (const rendition of renditions)
    for (const [name, video] of Object.entries(SOURCES)) {
      const main: Stream & { readonly video: VideoFacts } = { ...aStream('video', 'h264'), video };
      const deinterlacing = video.fieldOrder === 'interlaced' ? ({ pictures: 1 } as const) : undefined;
      const frameRate = { num: 25, den: 1 };
      const timeFactor = settings.fps && { num: 25, den: 24 };
      const { spec } = encodeSpecFor({
        rendition,
        settings,
        video,
        frameRate,
        deinterlacing,
        tools: TOOLS,
        timeFactor,
      });
      const context = keyContext({ spec, source: { index, main, cut } as Parameters<typeof keyContext>[0]['source'] });
      keys[`${rendition.name} of ${name}`] = contentKeys(index, cut, context)
        .map(({ key }) => key.slice(0, 16))
        .join(' ');
    }
  return keys;
}

const now = Object.fromEntries(
  ASKED.map(([recipe, settings]) => [`${recipe} ${JSON.stringify(settings)}`, keysOf(recipe, settings)]),
);
const today: typeof now = JSON.parse(readFileSync(FILE, 'utf8'));

describe('pieces that lie in a cache are found again', () => {
  it.each(Object.keys(now))('by %s', (asked) => {
    expect(now[asked]).toEqual(today[asked]);
  });

  it('for everything that was asked for when the keys were written', () => {
    expect(Object.keys(now)).toEqual(Object.keys(today));
  });
});
