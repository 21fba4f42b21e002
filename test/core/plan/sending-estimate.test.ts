import { describe, expect, it } from '@jest/globals';
import { routeOf } from '../../../core/dispatch/route.ts';
import type { Needs } from '../../../core/job/needs.ts';
import { sendingUsd } from '../../../core/plan/sending-estimate.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { needsOf } from '../../../core/recipes/needs-of.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';

const needsOfRecipe = (id: string, settings = {}): Needs => {
  const recipe = recipeNamed(id);
  return needsOf(recipe, resolveSettings(recipe, settings), settings);
};
const HOUR = { bytes: 9e9, pixels: 1920 * 1080, durationSeconds: 3600 };
const usd = (needs: Needs, facts: typeof HOUR, market: 'spot' | 'on-demand' = 'spot') =>
  sendingUsd(needs, facts, routeOf(needs, facts, { larger: 0, market }), listedPrices());

describe('what sending a job is estimated to cost', () => {
  it('is of the order of what plan says of an hour of 1080p, which is some ten cents', () => {
    const preserve = usd(needsOfRecipe('preserve'), HOUR);
    expect(preserve).toBeGreaterThan(0.05);
    expect(preserve).toBeLessThan(0.5);
  });

  it('is more for a longer film, a slower preset, and machines on demand', () => {
    const one = usd(needsOfRecipe('preserve'), HOUR);
    expect(usd(needsOfRecipe('preserve'), { ...HOUR, durationSeconds: 7200 })).toBeGreaterThan(1.5 * one);
    expect(usd(needsOfRecipe('preserve', { preset: 'slower' }), HOUR)).toBeGreaterThan(one);
    expect(usd(needsOfRecipe('preserve'), HOUR, 'on-demand')).toBeGreaterThan(one);
  });

  it('is a sum also where the header tells nothing, and for an empty file', () => {
    const unknown = { bytes: 0, pixels: undefined, durationSeconds: undefined } as never;
    for (const id of ['preserve', 'ladder', 'upscale', 'vj']) {
      const each = usd(needsOfRecipe(id), unknown);
      expect(each).toBeGreaterThan(0);
      expect(Number.isFinite(each)).toBe(true);
    }
  });
});
