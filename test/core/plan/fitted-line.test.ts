import { describe, expect, it } from '@jest/globals';
import { fittedLine } from '../../../core/plan/fitted-line.ts';

const film = (megapixels: number, seconds: number) => ({ pixels: megapixels * 1e6, seconds });

describe('the line through what films took', () => {
  it.each([
    { of: 'films of several sizes', films: [film(3, 2.3), film(6, 2.6), film(180, 20)], is: [2, 0.1] },
    {
      of: 'one film that was disturbed among others',
      films: [film(3, 2.3), film(6, 2.6), film(12, 90), film(90, 11), film(180, 20)],
      is: [2, 0.1],
    },
    { of: 'films of one size', films: [film(100, 12), film(100, 12), film(100, 14)], is: [2, 0.1] },
    { of: 'one film that took less than films usually take', films: [film(3, 1)], is: [0.5, 1 / 6] },
    { of: 'a larger film that took no longer', films: [film(10, 12), film(100, 12)], is: [2, 1] },
  ])('is found for $of', ({ films, is: [perFilm = 0, perMegapixel = 0] }) => {
    const line = fittedLine(films, 2);
    expect(line?.perFilm).toBeCloseTo(perFilm, 1);
    expect((line?.perPixel ?? 0) * 1e6).toBeCloseTo(perMegapixel, 1);
  });

  it('is none without films', () => {
    expect(fittedLine([], 2)).toBeUndefined();
  });
});
