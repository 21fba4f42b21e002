import { describe, expect, it } from '@jest/globals';
import { parse } from 'parse5';
import { costChartPage, costChartSvg } from '../../../core/report/cost-chart.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';
import { keepingPlans } from '../../../core/storage/what-if.ts';

const chart = (months: number, bytes = 40e12) => ({
  plans: keepingPlans({ bytes, objects: 80_000 }, months, listedPrices()),
  bytes,
  region: 'us-east-1',
  asOf: '2026-11',
});
const pointsIn = (svg: string) =>
  [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  );

describe('the what-if chart', () => {
  it.each([1, 2, 36, 1200])('has a line for each plan, within the picture, over %d months', (months) => {
    const lines = pointsIn(costChartSvg(chart(months)));
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      expect(line).toHaveLength(months);
      for (const [x = -1, y = -1] of line) {
        expect(x).toBeGreaterThanOrEqual(76);
        expect(x).toBeLessThanOrEqual(610);
        expect(y).toBeGreaterThanOrEqual(52);
        expect(y).toBeLessThanOrEqual(414);
      }
    }
  });

  it('draws what is dearer higher', () => {
    const [standard, , , deep] = pointsIn(costChartSvg(chart(12)));
    expect(standard?.at(-1)?.[1]).toBeLessThan(deep?.at(-1)?.[1] ?? 0);
  });

  it('is drawn for tiny and for huge amounts', () => {
    for (const bytes of [1, 1e18]) expect(costChartSvg(chart(12, bytes))).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is complete in itself: no script, no address but that of SVG', () => {
    for (const text of [costChartSvg(chart(12)), costChartPage(chart(12))]) {
      expect(text.match(/https?:\/\/[^"\s]*/g)).toEqual(['http://www.w3.org/2000/svg']);
      expect(text).not.toContain('<script');
    }
  });

  it('has on its page the figures of every month, and is HTML without errors', () => {
    const errors: string[] = [];
    const page = costChartPage(chart(12));
    parse(page, { sourceCodeLocationInfo: true, onParseError: ({ code }) => errors.push(code) });
    expect(errors).toEqual([]);
    expect(page.match(/<tr><th scope="row">/g)).toHaveLength(12);
    expect(page).toContain('$11042.80');
  });
});
