import { describe, expect, it } from '@jest/globals';
import { errorsIn, scoresIn } from '../../../core/quality/score-logs.ts';
import { summaryOf } from '../../../core/quality/score-summary.ts';

const vmafFrame = (vmaf: number, mse: number) => ({
  frameNum: 0,
  metrics: { integer_adm2: 0.99, psnr_y: 44.5, mse_y: mse, mse_cb: 0, mse_cr: 0, vmaf },
});

describe('the reader of logs', () => {
  it('reads that of libvmaf, and gives a frame without any error the full score', () => {
    const log = JSON.stringify({ version: '2.3.0', frames: [vmafFrame(95.001993, 2.2692), vmafFrame(97.428335, 0)] });
    expect(scoresIn(log, 'vmaf')).toEqual([95.001993, 100]);
  });

  it('reads that of ssim', () => {
    const log =
      'n:1 Y:0.989207 U:0.995293 V:0.995619 All:0.991290 (20.599670)\nn:2 Y:1.000000 U:1.000000 V:1.000000 All:1.000000 (inf)\n';
    expect(scoresIn(log, 'ssim')).toEqual([0.99129, 1]);
  });

  it('reads that of xpsnr: the worst plane, and not the sums at the end', () => {
    const log = [
      'n:    1  XPSNR y: 46.0287  XPSNR u: 55.4176  XPSNR v: 11.0123',
      'n:    2  XPSNR y: inf  XPSNR u: inf  XPSNR v: inf',
      '',
      'XPSNR average, 80 frames  y: 38.5882  u: 48.7041  v: 47.8983  (minimum: 38.5882)',
      '',
    ].join('\n');
    expect(scoresIn(log, 'xpsnr')).toEqual([11.0123, 100]);
  });

  it('reads that of psnr, in 8-bit steps', () => {
    const log =
      'n:1 mse_avg:2.24 mse_y:3.20 mse_u:0.16 mse_v:1600.00 psnr_avg:44.63 psnr_y:43.08 psnr_u:56.09 psnr_v:16.09 \n';
    expect(errorsIn(log, 8)).toEqual([{ y: 3.2, u: 0.16, v: 1600 }]);
    expect(errorsIn(log, 10)).toEqual([{ y: 0.2, u: 0.01, v: 100 }]);
  });

  it.each(['vmaf', 'xpsnr', 'ssim'] as const)('finds no scores in an empty log of %s', (metric) => {
    expect(scoresIn('', metric)).toEqual([]);
  });

  it('refuses a text that is not a log', () => {
    expect(() => scoresIn('{"frames":[{"metrics":{"vmaf":"good"}}]}', 'vmaf')).toThrow();
  });
});

describe('a summary', () => {
  it('has the mean, the minimum, and the harmonic mean as libvmaf computes it', () => {
    const scores = [90, 95, 0].map((score, frame) => ({ frame, score }));
    const { mean, min, harmonicMean } = summaryOf(scores);
    expect([mean, min]).toEqual([185 / 3, 0]);
    expect(harmonicMean).toBeCloseTo(3 / (1 / 91 + 1 / 96 + 1) - 1, 12);
  });

  it('of no scores is refused', () => {
    expect(() => summaryOf([])).toThrow('no frame was measured');
  });
});
