import { describe, expect, it } from '@jest/globals';
import { shapeOfFilm, steadyFilters, withShapes } from '../../../core/film/changing-picture.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const square = { num: 1, den: 1 };
const shape = (width: number, height: number, keyframes: number, sar = square) => ({ width, height, keyframes, sar });

describe('a film whose picture changes', () => {
  it.each([
    { rule: 'its largest picture, however short', found: [shape(320, 180, 90), shape(640, 360, 1)], is: [640, 360] },
    { rule: 'what most of it has, of equally large ones', found: [shape(9, 16, 1), shape(16, 9, 2)], is: [16, 9] },
    { rule: 'the first, where as much of it is either', found: [shape(9, 16, 2), shape(16, 9, 2)], is: [9, 16] },
  ])('has the shape of $rule', ({ found, is }) => {
    expect(shapeOfFilm(found)).toMatchObject({ width: is[0], height: is[1] });
  });

  it('is left alone where it does not change', () => {
    const probe = aProbe([aStream('video', 'h264', { video: aVideo() })]);
    expect(withShapes(probe, 0, [shape(320, 180, 90)])).toBe(probe);
    expect(steadyFilters(aVideo())).toEqual([]);
  });
});
