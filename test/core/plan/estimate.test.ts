import { describe, expect, it } from '@jest/globals';
import type { SpecOf } from '../../../core/codecs/index.ts';
import { estimateEncode } from '../../../core/plan/estimate.ts';
import { costOf, GIB_PER_VCPU } from '../../../core/plan/machine-cost.ts';
import { PRESETS } from '../../../core/settings/presets.ts';
import { enlargement } from '../../../core/upscale/enlargement.ts';
import { upscaleModelNamed } from '../../../core/upscale/models.ts';
import { aSpec } from '../../fixtures/specs.ts';

const HOUR = 25 * 3600;
const estimate = (
  spec: Parameters<typeof aSpec>[0] = {},
  work: { frames?: number; left?: number; cores?: number } = {},
) => estimateEncode(aSpec(spec), { frames: HOUR, left: work.frames ?? HOUR, cores: 1, ...work });

describe('an estimate', () => {
  it('takes longer for a longer film and less time on more cores, at the same cost', () => {
    const [one, twice, spread] = [estimate(), estimate({}, { frames: 2 * HOUR }), estimate({}, { cores: 8 })];
    expect(twice.seconds).toBeCloseTo(2 * one.seconds);
    expect(twice.diskBytes).toBe(2 * one.diskBytes);
    expect(spread.seconds).toBeCloseTo(one.seconds / 8);
    expect(spread.usd).toBe(one.usd);
  });

  it('counts the time for the frames that are left, and the disk space of all', () => {
    const [all, half] = [estimate(), estimate({}, { left: HOUR / 2 })];
    expect(half.seconds).toBeCloseTo(all.seconds / 2);
    expect(half.diskBytes).toBe(all.diskBytes);
  });

  it('has room for one more copy where notes of single pictures are woven into the joined file', () => {
    const work = { frames: HOUR, left: HOUR, cores: 1 };
    const [plain, woven] = [[], ['captions']].map(
      (kinds) => estimateEncode(aSpec(), { ...work, notes: { kinds } }).diskBytes,
    );
    expect(woven).toBe(1.5 * (plain ?? 0));
  });

  it('grows with the picture', () => {
    const quarter = estimate({ size: { width: 960, height: 540 } });
    expect(quarter.seconds).toBeCloseTo(estimate().seconds / 4);
  });

  it.each([
    { device: 'cpu', longer: 1000 * 10 },
    { device: 'cuda', longer: 0 },
  ] as const)('counts what a network takes of the processor with device=$device', ({ device, longer }) => {
    const { speed } = upscaleModelNamed('websr-s-rl');
    const from = { width: 1000 * speed, height: 1000, pixelFormat: 'yuv420p' };
    const enlarge = { ...enlargement({ model: 'websr-s-rl', device }), from, finish: [] };
    const work = { frames: 10_000 };
    expect(estimate({ enlarge }, work).seconds - estimate({}, work).seconds).toBeCloseTo(longer, 6);
  });

  it('is never shorter for a slower preset', () => {
    const seconds = PRESETS.map((preset) => estimate({ preset }).seconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(seconds.at(-1)).toBeGreaterThan((50 * Number(seconds[0])) / 2);
  });

  it('halves the disk with six steps of CRF, and needs the most for lossless', () => {
    const disk = (quality: SpecOf<'x265'>['quality']) => estimate({ quality }).diskBytes;
    expect(disk({ crf: 31 }) / disk({ crf: 25 })).toBeCloseTo(0.5, 3);
    expect(disk('lossless')).toBeGreaterThan(10 * disk({ crf: 23 }));
  });

  it('counts the pieces and the file into which they are joined', () => {
    const { outputBytes, diskBytes } = estimate();
    expect(diskBytes).toBe(2 * outputBytes);
  });
});

describe('a cost', () => {
  it('is the price of a vCPU hour with its memory on Fargate Spot', () => {
    const { usd, vcpuHours } = costOf(3600);
    expect(vcpuHours).toBe(1);
    // 1 hour x (1 vCPU x $0.012144 + 2 GiB x $0.0013335)
    expect(GIB_PER_VCPU).toBe(2);
    expect(usd).toBeCloseTo(0.012144 + 2 * 0.0013335, 9);
    expect(costOf(0)).toEqual({ usd: 0, vcpuHours: 0 });
  });
});
