import { describe, expect, it } from '@jest/globals';
import { costOf, estimateX265, FARGATE_SPOT } from '../../../core/plan/estimate.ts';
import { PRESETS } from '../../../core/recipes/settings.ts';

const HOUR_OF_HD = 1920 * 1080 * 25 * 3600;
const work = { pixels: HOUR_OF_HD, preset: 'medium', crf: 25, cores: 1 } as const;

describe('an estimate', () => {
  it('grows with the picture and shrinks with the cores, and costs the same on all of them', () => {
    const one = estimateX265(work);
    const twice = estimateX265({ ...work, pixels: 2 * HOUR_OF_HD });
    const spread = estimateX265({ ...work, cores: 8 });
    expect(twice.seconds).toBeCloseTo(2 * one.seconds);
    expect(twice.diskBytes).toBeCloseTo(2 * one.diskBytes, -1);
    expect(spread.seconds).toBeCloseTo(one.seconds / 8);
    expect(spread.usd).toBe(one.usd);
  });

  it('is longer for every slower preset', () => {
    const seconds = PRESETS.map((preset) => estimateX265({ ...work, preset }).seconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(new Set(seconds).size).toBe(PRESETS.length);
  });

  it('halves the disk with six steps of CRF, and needs the most for lossless', () => {
    const disk = (crf: number | 'lossless') => estimateX265({ ...work, crf }).diskBytes;
    expect(disk(31) / disk(25)).toBeCloseTo(0.5, 3);
    expect(disk('lossless')).toBeGreaterThan(10 * disk(23));
  });

  it('counts the pieces and the file they become', () => {
    expect(estimateX265(work).diskBytes).toBe(Math.round((2 * HOUR_OF_HD * 0.06) / 8));
  });
});

describe('a cost', () => {
  it('is what Fargate Spot asks for a vCPU hour with its memory', () => {
    const { usd, vcpuHours } = costOf(3600);
    expect(vcpuHours).toBe(1);
    expect(usd).toBeCloseTo(FARGATE_SPOT.vcpuHour + 2 * FARGATE_SPOT.gibHour, 9);
    expect(costOf(0)).toEqual({ usd: 0, vcpuHours: 0 });
  });
});
