import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitted, padded, type Size } from '../../../core/film/frame-size.ts';

const size = (text: string) => {
  const [width = 0, height = 0] = text.split('x').map(Number);
  return { width, height };
};

const shrunk = (from: Size, shortSide: number | undefined): Size => {
  const { width, height } = fitted({ ...from, sar: { num: 1, den: 1 } }, shortSide === undefined ? {} : { shortSide });
  return { width, height };
};

describe('a picture within a half perimeter', () => {
  it.each([
    { from: '1920x1080', to: '722x406' },
    { from: '3840x32', to: '960x8' },
    { from: '32x3840', to: '8x960' },
  ])('of $from is $to, in its shape', ({ from, to }) => {
    const sar = { num: 1, den: 1 };
    expect(fitted({ ...size(from), sar }, { halfPerimeter: 1128 })).toEqual({ ...size(to), sar });
  });
});

describe('a picture brought down to a short side', () => {
  it.each([
    ['3840x2160', 1440, '2560x1440'],
    ['2160x3840', 1440, '1440x2560'],
    ['4096x1728', 1440, '3414x1440'],
    ['1728x4096', 1440, '1440x3414'],
    ['4096x1714', 1440, '3442x1440'],
    ['2560x1440', 1440, '2560x1440'],
    ['1920x1080', 1440, '1920x1080'],
    ['1921x1081', 1440, '1921x1081'],
    ['2001x2001', 1440, '1440x1440'],
    ['7680x3840', 1440, '2880x1440'],
    ['3841x2161', 1440, '2560x1440'],
    ['8000x10', 4, '3200x4'],
    ['720x576', undefined, '720x576'],
  ])('%s to %s is %s', (from, short, to) => {
    expect(shrunk(size(from), short)).toEqual(size(to));
  });

  const sides = fc.record({ width: fc.integer({ min: 2, max: 16_384 }), height: fc.integer({ min: 2, max: 16_384 }) });

  it('is never enlarged, and keeps its aspect to within a pixel', () => {
    fc.assert(
      fc.property(sides, fc.integer({ min: 1, max: 1080 }), (from, half) => {
        const to = shrunk(from, half * 2);
        expect(to.width).toBeLessThanOrEqual(from.width + 0);
        expect(to.height).toBeLessThanOrEqual(from.height + 0);
        const [long, short, wasLong, wasShort] =
          from.width > from.height
            ? [to.width, to.height, from.width, from.height]
            : [to.height, to.width, from.height, from.width];
        expect(Math.abs(long - (wasLong / wasShort) * short)).toBeLessThanOrEqual(1.000001);
      }),
    );
  });
});

describe('a picture whose chroma does not divide its sides', () => {
  it.each([
    ['161x121', 'yuv420p', '162x122'],
    ['161x121', 'yuvj420p', '162x122'],
    ['161x121', 'yuv422p10le', '162x121'],
    ['161x121', 'yuv444p', '161x121'],
    ['161x121', 'gbrp', '161x121'],
    ['161x121', 'gray', '161x121'],
    ['160x120', 'yuv420p10le', '160x120'],
  ])('%s in %s is padded to %s', (from, pixelFormat, to) => {
    expect(padded(size(from), pixelFormat)).toEqual(size(to));
  });
});
