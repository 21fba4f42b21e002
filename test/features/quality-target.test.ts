import { describe, expect, it } from '@jest/globals';
import { isMetric } from '../../core/quality/metric.ts';
import { targetFor } from '../../core/quality/target.ts';
import { qualityOf, vmafFor } from '../support/quality-asked.ts';

describe('a quality asked for', () => {
  it('is searched on samples, reached by the finished file, and stands in the manifest', async () => {
    const [any, worst] = [(await qualityOf({ crf: 23 })).quality, (await qualityOf({ crf: 28 })).quality?.mean ?? 0];
    const best = any?.mean ?? 0;
    expect(best).toBeGreaterThan(worst);
    const vmaf = vmafFor((best + worst) / 2, any);
    const { quality, crf, milled } = await qualityOf({ vmaf });
    const metric = quality?.metric ?? '';
    if (!isMetric(metric)) throw new Error(`${metric} was measured`);
    const target = targetFor(metric, vmaf);
    expect(quality?.target).toBeCloseTo(target.score, 6);
    expect(quality?.mean).toBeGreaterThanOrEqual(target.score - target.tolerance / 3);
    expect(quality?.projected).toBeGreaterThanOrEqual(target.score);
    expect(crf).toBeGreaterThan(23);
    expect(crf).toBeLessThan(28);
    expect(milled.events).toContainEqual(expect.objectContaining({ type: 'progress', phase: 'quality' }));
  });
});

it('checks that the frames are in step, and says how many were measured', async () => {
  const { quality, checks } = await qualityOf({ crf: 24 });
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['quality above the floor', 'colours match the source', 'frames in step with the source']),
  );
  expect(checks.every(({ passed }) => passed)).toBe(true);
  expect(quality?.sampledFrames).toBeGreaterThanOrEqual(16);
});
