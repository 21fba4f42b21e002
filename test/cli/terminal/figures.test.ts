import { describe, expect, it } from '@jest/globals';
import { lineFigure, numberFigure, pictureFigure, shareFigure, sizeFigure } from '../../../cli/terminal/figures.ts';

describe('a figure', () => {
  it.each([
    { text: '40TB', bytes: 40e12 },
    { text: '40 TB', bytes: 40e12 },
    { text: '1.5TiB', bytes: 1.5 * 2 ** 40 },
    { text: '100kB', bytes: 100_000 },
    { text: '1B', bytes: 1 },
  ])('of data: $text are $bytes bytes', ({ text, bytes }) => {
    expect(sizeFigure('--size', text)).toBe(bytes);
  });

  it.each([
    { text: '1Gbps', bits: 1e9 },
    { text: '250 Mb/s', bits: 250e6 },
    { text: '0.5Gbit/s', bits: 5e8 },
  ])('of a line: $text are $bits bits a second', ({ text, bits }) => {
    expect(lineFigure('--line', text)).toBe(bits);
  });

  it.each(['', '40', 'TB', '-1TB', '1e3TB', '1,5TB', '4 0TB', '40tb', 'NaNTB', '40constructor', '40TB\n1'])(
    'of data is refused: "%s"',
    (text) => {
      expect(() => sizeFigure('--size', text)).toThrow(/^--size takes an amount of data/);
    },
  );

  it.each(['1GB', '1GB/s', '0Gbps', '-1Gbps', 'fast'])('of a line is refused: "%s"', (text) => {
    expect(() => lineFigure('--line', text)).toThrow(/^--line takes/);
  });

  it('in percent, of a picture and plain are what they say', () => {
    expect(shareFigure('--read', '12.5 %')).toBe(0.125);
    expect(pictureFigure('--size', '4096x1728')).toEqual({ width: 4096, height: 1728 });
    expect(numberFigure('--months', '36', { least: 1, most: 1200, isWhole: true })).toBe(36);
    expect(() => pictureFigure('--size', '99999x1')).toThrow(/size of a picture/);
    expect(() => numberFigure('--months', undefined, { least: 1, most: 9 })).toThrow('--months is missing; it takes');
  });
});
