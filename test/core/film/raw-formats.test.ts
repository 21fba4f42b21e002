import { describe, expect, it } from '@jest/globals';
import {
  frameBytes,
  pixelFormatOfTag,
  planeRanges,
  RAW_FORMATS,
  RAW_PIXEL_FORMATS,
} from '../../../core/film/raw-formats.ts';

describe('raw formats', () => {
  it.each([
    { format: 'yuv420p', width: 5, height: 3, planes: [15, 6, 6] },
    { format: 'yuv422p10le', width: 5, height: 3, planes: [30, 18, 18] },
    { format: 'nv12', width: 5, height: 3, planes: [15, 12] },
    { format: 'yuva420p', width: 4, height: 2, planes: [8, 2, 2, 8] },
    { format: 'rgb24', width: 3, height: 2, planes: [18] },
    { format: 'gbrp16le', width: 1, height: 1, planes: [2, 2, 2] },
  ] as const)(
    'lays the planes of a $width x $height $format frame one after another',
    ({ format, width, height, planes }) => {
      const ranges = planeRanges(format, width, height);
      expect(ranges.map(({ start, end }) => end - start)).toEqual(planes);
      expect(ranges.map(({ start }) => start)).toEqual(
        planes.map((_, i) => planes.slice(0, i).reduce((a, b) => a + b, 0)),
      );
      expect(frameBytes(format, width, height)).toBe(planes.reduce<number>((a, b) => a + b, 0));
    },
  );

  it('gives every format a tag of its own', () => {
    for (const format of RAW_PIXEL_FORMATS) expect(pixelFormatOfTag(RAW_FORMATS[format].fourcc)).toBe(format);
  });
});
