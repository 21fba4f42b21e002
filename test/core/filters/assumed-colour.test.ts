import { describe, expect, it } from '@jest/globals';
import { shownColour } from '../../../core/filters/assumed-colour.ts';
import { aVideo } from '../../fixtures/probes.ts';

describe('the colour with which players show a picture', () => {
  it.each([
    { size: [1920, 1080], colour: {}, is: ['bt709', 'bt709', 'bt709'] },
    { size: [1280, 544], colour: {}, is: ['bt709', 'bt709', 'bt709'] },
    { size: [720, 1280], colour: {}, is: ['bt709', 'bt709', 'bt709'] },
    { size: [720, 576], colour: {}, is: ['smpte170m', 'bt470bg', 'smpte170m'] },
    { size: [720, 480], colour: {}, is: ['smpte170m', 'smpte170m', 'smpte170m'] },
    { size: [480, 360], colour: {}, is: ['smpte170m', 'bt709', 'smpte170m'] },
    { size: [640, 480], colour: { matrix: 'bt709' }, is: ['bt709', 'smpte170m', 'smpte170m'] },
    { size: [640, 480], colour: { transfer: 'smpte2084' }, is: ['bt2020nc', 'bt2020', 'smpte2084'] },
  ])('of $size with $colour is $is', ({ size: [width = 0, height = 0], colour, is }) => {
    const shown = shownColour(aVideo({ width, height, colour: { ...aVideo().colour, ...colour } }));
    expect([shown.matrix, shown.primaries, shown.transfer]).toEqual(is);
  });

  it('is what the file says of RGB', () => {
    expect(shownColour(aVideo({ pixelFormat: 'gbrp' }))).toEqual(aVideo().colour);
  });
});
