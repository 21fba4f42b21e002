import { describe, expect, it } from '@jest/globals';
import { mayBeInterlaced, picturesTellFields, sayFields } from '../../../core/fields/field-flags.ts';

const rate = (num: number, den = 1) => ({ num, den });

describe('what tells whether a film is interlaced', () => {
  it.each([
    { height: 1080, baseFrameRate: rate(25), may: true },
    { height: 1088, baseFrameRate: rate(30_000, 1001), may: true },
    { height: 1089, baseFrameRate: rate(25), may: false },
    { height: 720, baseFrameRate: rate(50), may: false },
    { height: 576, baseFrameRate: rate(90_000), may: true },
    { height: 576, baseFrameRate: undefined, may: true },
  ])('may be so of $height lines', ({ may, ...video }) => {
    expect(mayBeInterlaced({ ...video, pixelFormat: 'yuv420p' }, 'h264')).toBe(may);
  });

  it.each([
    { codec: 'png', pixelFormat: 'pal8' },
    { codec: 'gif', pixelFormat: 'bgra' },
    { codec: 'apng', pixelFormat: 'rgba' },
  ])('is never so of a picture with a palette ($codec)', ({ codec, pixelFormat }) => {
    expect(mayBeInterlaced({ height: 96, baseFrameRate: rate(25), pixelFormat }, codec)).toBe(false);
  });

  it('is said by each picture of some codecs', () => {
    expect(['h264', 'hevc', 'mpeg2video', 'dvvideo', 'prores'].map(picturesTellFields)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    { said: 'all say so', pictures: Array<boolean>(10).fill(true), is: true },
    { said: 'the first ones say so by chance', pictures: Array.from({ length: 100 }, (_, i) => i < 16), is: false },
    { said: 'one behind the first says so', pictures: Array.from({ length: 100 }, (_, i) => i === 16), is: true },
    { said: 'none says so', pictures: Array<boolean>(100).fill(false), is: false },
  ])('is $is where $said', ({ pictures, is }) => {
    expect(sayFields(pictures)).toBe(is);
  });
});
