import { describe, expect, it } from '@jest/globals';
import { assumedSource, jobCost, orderOnAws } from '../../../app/plan/job-cost.ts';
import { planFigures } from '../../../app/plan/plan-figures.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';

const FIGURES = { width: 1920, height: 1080, fps: 25, minutes: 10 };

function costOfOrder(id: string, figures: Partial<typeof FIGURES> = {}, settings: Record<string, string> = {}) {
  const order = orderOnAws({ recipe: recipeNamed(id), settings });
  const planned = planFigures({ ...FIGURES, ...figures }, order, 4);
  const source = assumedSource(planned.source, undefined);
  return jobCost({ ...planned, source }, order, { prices: listedPrices(), diskGib: 100 });
}

describe('what a job costs', () => {
  it('is the time that the plan counts, the verification, and a camera for a source', () => {
    const { work } = costOfOrder('preserve', {}, { preset: 'medium' });
    // 15,000 frames of 2.0736 megapixels: 16 a second and vCPU to encode, 104 to verify; 20 Mb/s x 25/30 x 600 s / 8
    expect(work.encodeSeconds).toBeCloseTo((15_000 * 2.0736) / 16, 6);
    expect(work.verifySeconds).toBeCloseTo((15_000 * 2.0736) / 104, 6);
    expect(work.sourceBytes).toBeCloseTo((20e6 * (25 / 30) * 600) / 8, 0);
    expect(work.way).toBe('single');
  });

  it('grows with the film, and Spot costs less', () => {
    const costs = [1, 10, 100, 1000].map((minutes) => costOfOrder('preserve', { minutes }));
    expect(costs.map(({ spot }) => spot.usd)).toEqual(costs.map(({ spot }) => spot.usd).sort((a, b) => a - b));
    for (const { spot, onDemand } of costs) expect(spot.usd).toBeLessThan(onDemand.usd);
    expect(costs.at(-1)?.work.way).toBe('workflow');
  });

  it('is compared with the outputs that MediaConvert makes', () => {
    // ten minutes of AVC: HD twice, SD once
    expect(costOfOrder('ladder').mediaConvertUsd).toBeCloseTo(10 * 2 * 0.0075 + 10 * 0.0075, 9);
    expect(costOfOrder('vj')).toMatchObject({ mediaConvertUsd: undefined, notConverted: ['hap'] });
  });

  it('has a graphics card where a network works and nobody asked for a processor', () => {
    const onCard = costOfOrder('upscale', { width: 960, height: 540 });
    // 15,000 frames at 2.6 frames a second
    expect(onCard.work).toMatchObject({ isOnCard: true, encodeSeconds: expect.closeTo(15_000 / 2.6, 3) });
    expect(onCard.mediaConvertUsd).toBeUndefined();
    const onProcessor = costOfOrder('upscale', { width: 960, height: 540 }, { device: 'cpu' });
    expect(onProcessor.work).toMatchObject({ isOnCard: false, size: { vcpu: 16 } });
  });
});
