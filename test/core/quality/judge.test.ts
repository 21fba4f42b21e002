import { describe, expect, it } from '@jest/globals';
import { type Closeness, closenessIn, meanCloseness } from '../../../core/quality/closeness.ts';
import { inStep } from '../../../core/quality/in-step.ts';
import { type QualityMeasurement, qualityChecks } from '../../../core/quality/judge.ts';
import { comparedFormat, magnification, metricsFor, vmafModel } from '../../../core/quality/metric.ts';
import { targetFor } from '../../../core/quality/target.ts';

/** Luma errors as measured; chroma's are small. */
const closeness = ([same, earlier, later, motion]: readonly number[]): Closeness => ({
  same: { y: same ?? 0, u: 1, v: 1 },
  levels: { y: 0.2, u: 0.1, v: 0.1 },
  earlier: earlier ?? 0,
  later: later ?? 0,
  motionBefore: motion ?? 0,
  motionAfter: motion ?? 0,
});

const good = closeness([5.2, 7, 7.5, 2.6]);

const measured = (scores: readonly number[], rest: Partial<QualityMeasurement> = {}): QualityMeasurement => ({
  metric: 'vmaf',
  windows: [
    { startFrame: 0, frames: 2, lead: 0 },
    { startFrame: 100, frames: 2, lead: 2 },
  ],
  scores: scores.map((score, i) => ({ frame: i < 2 ? i : 98 + i, score })),
  closeness: good,
  size: { width: 1920, height: 1080 },
  ...rest,
});

const failing = (value: QualityMeasurement) =>
  qualityChecks(value).flatMap(({ name, passed }) => (passed ? [] : [name]));

describe('a rendition', () => {
  it('passes although it is coarse', () => {
    expect(failing(measured([72, 70, 68, 66]))).toEqual([]);
  });

  it.each([
    { whose: 'mean is under the floor', scores: [60, 60, 30, 30] },
    { whose: 'worst window is broken', scores: [95, 95, 10, 12] },
  ])('fails if its $whose', ({ scores }) => {
    expect(failing(measured(scores))).toEqual(['quality above the floor']);
  });

  it('may be much coarser if a CRF beyond 28 was asked for, but not broken', () => {
    expect(failing(measured([20, 18, 17, 16], { crf: 28 }))).toEqual(['quality above the floor']);
    expect(failing(measured([20, 18, 17, 16], { crf: 34 }))).toEqual([]);
    expect(failing(measured([20, 18, 1, 1], { crf: 40 }))).toEqual(['quality above the floor']);
    const washed = { ...good, levels: { ...good.levels, y: 100 } };
    expect(failing(measured([20, 18, 17, 16], { crf: 40, closeness: washed }))).toEqual(['levels match the source']);
  });

  it('fails with wrong colours, however high its detail scores', () => {
    const green = { ...good, same: { ...good.same, u: 5000 } };
    expect(failing(measured([97, 97, 97, 97], { closeness: green }))).toEqual(['colours match the source']);
  });

  it('fails with a wrong range, however high its detail scores', () => {
    const washed = { ...good, levels: { ...good.levels, y: 100 } };
    expect(failing(measured([97, 97, 97, 97], { closeness: washed }))).toEqual(['levels match the source']);
  });

  it('has no check of levels for very small pictures, instead of one that cannot fail', () => {
    const washed = { ...good, levels: { ...good.levels, y: 100 } };
    const names = (size: QualityMeasurement['size']) =>
      qualityChecks(measured([97, 97, 97, 97], { closeness: washed, size })).map(({ name }) => name);
    expect(names({ width: 48, height: 48 })).not.toContain('levels match the source');
    expect(names({ width: 64, height: 48 })).toContain('levels match the source');
  });

  it('is judged by the floor alone if frames have no neighbours', () => {
    expect(qualityChecks(measured([90, 90, 90, 90], { closeness: undefined }))).toHaveLength(1);
  });

  it('has the measured figures in the details of its checks', () => {
    const [floor] = qualityChecks(measured([90, 92, 80, 84]));
    expect(floor?.detail).toBe(
      'vmaf 86.50 on average, 82.00 in the worst window, 80.00 in the worst frame, over 4 frames; the floor is 50, and 25 for a window',
    );
  });
});

// The four numbers are same, earlier, later and motion: mean squared luma errors of real encodes.
describe('frames are in step', () => {
  it.each([
    { of: 'a talking head', errors: [5.2, 7, 7.5, 2.6] },
    { of: 'a flight over a bridge', errors: [16.5, 65.9, 66.2, 74.6] },
    { of: 'a slow sea, blurred by the encoder', errors: [6.26, 6.13, 6.71, 0.69] },
    { of: 'noise in the dark', errors: [12.2, 15.9, 16.4, 23.2] },
    { of: 'a still picture with noise', errors: [62, 61.7, 62.1, 87.3] },
    { of: 'a still picture', errors: [7.3, 7.3, 7.3, 0] },
    { of: 'black', errors: [0, 0, 0, 0] },
  ])('in an encode of $of', ({ errors }) => {
    expect(inStep(closeness(errors), { width: 640, height: 360 }).passed).toBe(true);
  });

  it('in a tiny encode that leaves out a slow motion', () => {
    const errors = [20, 12.4, 32.4, 1];
    expect(inStep(closeness(errors), { width: 96, height: 64 }).passed).toBe(true);
    expect(inStep(closeness(errors), { width: 160, height: 120 }).passed).toBe(false);
    expect(inStep(closeness([66.1, 15.9, 104, 74.6]), { width: 16, height: 16 }).passed).toBe(true);
  });

  it('in an encode of few pictures that leaves out all but the last motion', () => {
    const left = { ...closeness([2.8, 2.27, 4.43, 0]), motionBefore: 1.05, motionAfter: 2.15 };
    expect(inStep(left, { width: 64, height: 48 }).passed).toBe(true);
    expect(inStep(left, { width: 192, height: 108, frames: 5 }).passed).toBe(true);
    expect(inStep(left, { width: 192, height: 108, frames: 50 }).passed).toBe(false);
  });

  it.each([
    { does: 'a talking head a frame late', errors: [6.54, 4.6, 8.86, 2.58] },
    { does: 'a talking head a frame early', errors: [6.62, 8.97, 4.52, 2.6] },
    { does: 'a bridge a frame late', errors: [66.1, 15.9, 104, 74.6] },
    { does: 'a slow sea three frames late', errors: [8.43, 7.42, 9.7, 0.69] },
    { does: 'noise in the dark a frame late', errors: [16.1, 11.8, 21.4, 23.2] },
    { does: 'a bridge that stands still', errors: [535, 518, 551, 74.6] },
    { does: 'a bridge upside down', errors: [1649, 1645, 1655, 74.6] },
  ])('but not in $does', ({ errors }) => {
    expect(inStep(closeness(errors), { width: 640, height: 360 }).passed).toBe(false);
  });

  it('but not in a tiny encode whose plain motion is a frame late', () => {
    const late = closeness([66.1, 15.9, 104, 74.6]);
    expect(inStep(late, { width: 48, height: 32 }).passed).toBe(false);
    expect(inStep(late, { width: 640, height: 360, frames: 5 }).passed).toBe(false);
  });

  it('as judged by frames with both neighbours in their window, and by no others', () => {
    const rows = (values: readonly number[]) => values.map((y) => ({ y, u: 0, v: 0 }));
    const logs = {
      same: rows([1, 2, 3, 4, 5, 6]),
      levels: rows([0, 1, 2, 3, 4, 5]),
      earlier: rows([10, 20, 30, 40, 50]), // rendition frame i + 1 against source frame i
      later: rows([100, 200, 300, 400, 500]), // rendition frame i against source frame i + 1
      motion: rows([7, 8, 9, 10, 11]),
    };
    const found = closenessIn([0, 1, 2, 50, 51, 52], logs);
    expect(found).toEqual([
      {
        same: { y: 2, u: 0, v: 0 },
        levels: { y: 1, u: 0, v: 0 },
        earlier: 10,
        later: 200,
        motionBefore: 7,
        motionAfter: 8,
      },
      {
        same: { y: 5, u: 0, v: 0 },
        levels: { y: 4, u: 0, v: 0 },
        earlier: 40,
        later: 500,
        motionBefore: 10,
        motionAfter: 11,
      },
    ]);
    expect(meanCloseness(found)).toMatchObject({ same: { y: 3.5 }, levels: { y: 2.5 }, earlier: 25, later: 350 });
    expect(meanCloseness([])).toBeUndefined();
    // a frame that is left out, and its neighbours, which are compared with it too
    expect(closenessIn([0, 1, 2, 50, 51, 52], logs, new Set([2]))).toEqual(found.slice(1));
    expect(closenessIn([0, 1, 2, 50, 51, 52], logs, new Set([3]))).toEqual(found);
  });
});

it.each([
  { source: 'yuv420p', rendition: 'yuv420p', compared: 'yuv420p' },
  { source: 'yuv420p10le', rendition: 'yuv420p', compared: 'yuv420p10le' },
  { source: 'yuvj420p', rendition: 'yuv420p10le', compared: 'yuv420p10le' },
  { source: 'yuv422p12le', rendition: 'yuv422p12le', compared: 'yuv422p12le' },
  { source: 'rgb24', rendition: 'gbrp', compared: 'yuv444p' },
  { source: 'gray16le', rendition: 'gray12le', compared: 'yuv420p12le' },
])('$source and $rendition are compared as $compared', ({ source, rendition, compared }) => {
  expect(comparedFormat(source, rendition)).toBe(compared);
});

it('uses for tiny pictures only metrics that do not crash on them', () => {
  expect(metricsFor({ width: 1920, height: 32 })).toEqual(['ssim']);
  expect(metricsFor({ width: 64, height: 64 })).toEqual(['vmaf', 'ssim']);
  expect(metricsFor({ width: 400, height: 250 })).toEqual(['vmaf', 'xpsnr', 'ssim']);
});

it.each([
  { size: { width: 16, height: 16 }, times: 1 },
  { size: { width: 1920, height: 1080 }, times: 1 },
  { size: { width: 100, height: 2 }, times: 8 },
  { size: { width: 6, height: 10 }, times: 3 },
])('compares $size.width x $size.height $times times as large', ({ size, times }) => {
  expect(magnification(size)).toBe(times);
});

it('uses the VMAF model for 4K on 4K pictures', () => {
  expect(vmafModel({ width: 1080, height: 1920 })).toBe('vmaf_v0.6.1');
  expect(vmafModel({ width: 2160, height: 3840 })).toBe('vmaf_4k_v0.6.1');
});

it.each([
  { metric: 'vmaf', vmaf: 93.5, score: 93.5 },
  { metric: 'xpsnr', vmaf: 95, score: 38.5 },
  { metric: 'ssim', vmaf: 92.5, score: 0.9845 },
  { metric: 'ssim', vmaf: 70, score: 0.935 },
  { metric: 'xpsnr', vmaf: 99, score: 44 },
] as const)('a target of VMAF $vmaf is $score in $metric', ({ metric, vmaf, score }) => {
  expect(targetFor(metric, vmaf).score).toBeCloseTo(score, 6);
});
