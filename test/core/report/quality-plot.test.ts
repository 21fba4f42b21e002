import { describe, expect, it } from '@jest/globals';
import type { Quality } from '../../../core/job/manifest.ts';
import { qualityPlot } from '../../../core/report/quality-plot.ts';
import type { Score } from '../../../core/report/thin-series.ts';
import { rendition, series, vmaf } from './manifests.ts';
import { attribute, read, textOf } from './page.ts';

function plot(quality: Partial<Quality>, scores: readonly Score[], settings = {}) {
  const durationSeconds = scores.at(-1)?.seconds ?? 0;
  const record = rendition({ quality: { ...vmaf, ...quality }, durationSeconds });
  return read(`<!DOCTYPE html>${qualityPlot(record, scores, settings)?.markup}`);
}

const line = (page: ReturnType<typeof plot>, name: string) =>
  page
    .classed(name)
    .filter(({ parentNode }) => parentNode && 'attrs' in parentNode && attribute(parentNode, 'class') === 'canvas');

describe('the plot of quality', () => {
  it('draws the target, the projection and the mean, each at its height, if the manifest has them', () => {
    const page = plot({ mean: 96, target: 95, projected: 98 }, series([94, 96, 98]));
    const heights = ['projected', 'mean', 'target'].map((name) =>
      line(page, name).map((each) => Number.parseFloat(attribute(each, 'y1') ?? '')),
    );
    expect(heights.flat()).toHaveLength(3);
    expect(heights.flat()).toEqual(heights.flat().toSorted((a, b) => a - b));
    expect(page.classed('legend').map(textOf)[0]).toBe('mean 96.0projected 98.0target 95.0lowest 94.0 at 0:00.00');
  });

  it('draws no target if none was set', () => {
    const page = plot({}, series([94, 96, 98]));
    expect([...line(page, 'target'), ...line(page, 'projected')]).toEqual([]);
    expect(page.text).not.toContain('target');
  });

  it('does not compare a target in VMAF with the scores of another metric', () => {
    const page = plot({ metric: 'ssim', mean: 0.98, min: 0.97, target: 95 }, series([0.97, 0.99]), { vmaf: 95 });
    expect(line(page, 'target')).toEqual([]);
    expect(page.text).toContain('VMAF 95 was asked for; SSIM was measured');
  });

  it('marks the lowest frame of thousands, and stays small', () => {
    const scores = Array.from({ length: 100_000 }, (_, i) => (i === 61_234 ? 71.5 : 95 + Math.sin(i)));
    const page = plot({}, series(scores));
    expect(page.classed('lowest-label').map(textOf)).toEqual(['71.5 at 40:49']);
    expect(page.classed('hit').length).toBeLessThanOrEqual(241);
    expect(page.again.length).toBeLessThan(100_000);
    const titles = page.named('title').map(textOf);
    expect(titles.filter((title) => title.includes('71.5 to 96.0'))).toHaveLength(1);
  });

  it('has the figures of every column as a text', () => {
    const titles = plot({}, series([94, 96.04], 0.5))
      .classed('hit')
      .map(textOf);
    expect(titles).toEqual(['0:00.00: 94.0', '0:00.50: 96.0']);
  });

  it('joins separate samples by a dotted line and not by the curve', () => {
    const apart = [0, 1, 2, 100, 101, 102].map((frame) => ({ seconds: frame / 25, score: 95 }));
    expect(plot({}, apart).text).toContain('not measured in between');
    expect(plot({}, series([95, 95, 95])).text).not.toContain('not measured in between');
  });

  it('describes itself to people who cannot see it', () => {
    const [canvas] = plot({ target: 95 }, series([94, 96])).classed('canvas');
    expect(canvas && attribute(canvas, 'aria-label')).toBe(
      'VMAF over time, 50 frames measured of 50 frames: mean 96.2, target 95.0, lowest 94.0 at 0:00.00',
    );
  });
});
