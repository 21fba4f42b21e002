import { describe, expect, it } from '@jest/globals';
import { chunksOf } from '../../../core/codecs/hap.ts';

describe('a HAP frame has chunks', () => {
  it.each([
    { what: 'one below 1080p', size: [1280, 720], asked: undefined, is: 1 },
    { what: 'four from 1080p', size: [1920, 1080], asked: undefined, is: 4 },
    { what: 'four of a picture on its side', size: [1080, 1920], asked: undefined, is: 4 },
    { what: 'eight from 2160p', size: [3840, 2160], asked: undefined, is: 8 },
    { what: 'as many as are asked for', size: [1920, 1080], asked: 16, is: 16 },
    { what: 'the next fewer that divide the blocks', size: [1920, 1080], asked: 7, is: 6 },
    { what: 'one of a picture with a prime number of blocks', size: [28, 4], asked: 6, is: 1 },
  ])('$what', ({ size: [width = 0, height = 0], asked, is }) => {
    expect(chunksOf({ width, height }, asked)).toBe(is);
  });
});
