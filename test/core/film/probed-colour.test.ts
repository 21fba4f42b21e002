import { describe, expect, it } from '@jest/globals';
import { meaninglessColours, probedColour } from '../../../core/film/probed-colour.ts';

const coloursOf = (stream: Parameters<typeof probedColour>[0]) => {
  const { primaries, transfer, matrix } = probedColour(stream, undefined);
  return [[primaries, transfer, matrix], meaninglessColours(stream).colourMeaningless];
};

describe('the colours of a stream by the words of ffprobe', () => {
  it.each([
    { what: 'names', primaries: 'ebu3213', matrix: 'bt709', is: [['ebu3213', 'bt709', 'bt709'], undefined] },
    { what: 'a code that H.273 reserves', primaries: 'reserved', is: [[undefined, 'bt709', 'bt709'], ['primaries']] },
    {
      what: 'a number',
      primaries: '200',
      matrix: '15',
      is: [
        [undefined, 'bt709', undefined],
        ['primaries', 'matrix'],
      ],
    },
    { what: 'nothing', primaries: 'unknown', matrix: 'unknown', is: [[undefined, 'bt709', undefined], undefined] },
    { what: 'the matrix of another picture', matrix: 'gbr', is: [['bt709', 'bt709', undefined], ['matrix']] },
    { what: 'the matrix of RGB', matrix: 'gbr', format: 'gbrp', is: [['bt709', 'bt709', 'gbr'], undefined] },
  ])('are those of $what', ({ primaries = 'bt709', matrix = 'bt709', format = 'yuv420p', is }) => {
    const stream = { color_primaries: primaries, color_transfer: 'bt709', color_space: matrix, pix_fmt: format };
    expect(coloursOf(stream)).toEqual(is);
  });
});
