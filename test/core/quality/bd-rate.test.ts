import { describe, expect, it } from '@jest/globals';
import { bdRate, type RatePoint } from '../../../core/quality/bd-rate.ts';

const curve = (scale: number, qualities: readonly number[]): readonly RatePoint[] =>
  qualities.map((quality) => ({ quality, bytes: scale * 2 ** (quality / 6) }));

describe('the bytes that an encoder takes for the same quality', () => {
  it.each([
    { what: 'as many', scale: 1, share: 0 },
    { what: 'a quarter more', scale: 1.25, share: 0.25 },
    { what: 'half as many', scale: 0.5, share: -0.5 },
  ])('are $what, wherever its points lie', ({ scale, share }) => {
    const found = bdRate(curve(1, [60, 72, 84, 96]), curve(scale, [66, 78, 90]));
    expect(found).toBeCloseTo(share, 10);
  });

  it('are counted over the qualities that both reach alone', () => {
    const good = [...curve(1, [80, 90]), { quality: 99, bytes: 1e9 }];
    expect(bdRate(curve(1, [70, 80, 90]), good)).toBeCloseTo(0, 10);
  });

  it('are the other way round for the other encoder', () => {
    const [a, b] = [curve(1, [60, 80, 95]), curve(1.3, [55, 75, 90])];
    expect((1 + bdRate(a, b)) * (1 + bdRate(b, a))).toBeCloseTo(1, 10);
  });

  it('do not hang on points that are larger and no better', () => {
    expect(bdRate(curve(1, [60, 80]), [...curve(1, [60, 80]), { quality: 79, bytes: 1e7 }])).toBeCloseTo(0, 10);
  });

  it.each([
    { what: 'no quality is reached by both', other: curve(1, [90, 95]) },
    { what: 'there is one point', other: curve(1, [70]) },
    { what: 'there is none', other: [] },
  ])('cannot be told where $what', ({ other }) => {
    expect(bdRate(curve(1, [60, 80]), other)).toBeNaN();
  });
});
