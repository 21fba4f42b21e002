import { describe, expect, it } from '@jest/globals';
import { encodeSpecFor } from '../../../core/encode/encode-spec-for.ts';
import { whySkipped } from '../../../core/encode/skip-rule.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { candidates } from '../../../core/recipes/renditions.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';
import { aStream, aVideo } from '../../fixtures/probes.ts';

/** 1080p, 100 frames. */
function skipped(
  codec: string,
  bitsPerPixel: number,
  set: Record<string, string>,
  id = 'preserve',
): string | undefined {
  const recipe = recipeNamed(id);
  const settings = resolveSettings(recipe, set);
  const video = aVideo();
  const [rendition] = candidates(recipe, settings);
  if (!rendition) throw new Error(`${id} makes nothing`);
  const { spec } = encodeSpecFor({
    rendition,
    settings,
    video,
    frameRate: { num: 25, den: 1 },
    tools: {},
  });
  const bytes = (bitsPerPixel * 1920 * 1080 * 100) / 8;
  return whySkipped({ settings, spec, main: { ...aStream('video', codec), video }, bytes, frames: 100 });
}

describe('a source that need not be encoded again', () => {
  it.each(['hevc', 'av1'])('is %s with few bits a pixel, and the reason has the figures', (codec) => {
    expect(skipped(codec, 0.03, { skipBelow: '0.05' })).toBe(
      `the source is ${codec.toUpperCase()} already, with 0.0300 bits a pixel, and skipBelow=0.05 keeps it: these are its own bytes`,
    );
  });

  it.each([
    ['has another codec', 'h264', 0.03, { skipBelow: '0.05' }, 'preserve'],
    ['has as many bits', 'hevc', 0.05, { skipBelow: '0.05' }, 'preserve'],
    ['has no rule', 'hevc', 0.001, {}, 'preserve'],
    ['is to be scaled', 'hevc', 0.03, { skipBelow: '0.05', shortSide: '720' }, 'downscale'],
  ] as const)('is none that %s', (...row) => {
    const [, codec, bits, set, recipe] = row;
    expect(skipped(codec, bits, { ...set }, recipe)).toBeUndefined();
  });
});
