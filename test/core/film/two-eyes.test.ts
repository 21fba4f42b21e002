import { describe, expect, it } from '@jest/globals';
import { boxModeOf, modeOf, packingOfMode, webmModeOf } from '../../../core/film/two-eyes.ts';

describe('how two eyes lie in a picture', () => {
  it('has a word for each of the modes of Matroska but that of one eye, and a mode for each word', () => {
    const modes = Array.from({ length: 15 }, (_, mode) => modeOf(packingOfMode(mode)));
    expect(modes).toEqual([undefined, ...Array.from({ length: 14 }, (_, i) => i + 1)]);
  });

  it.each([
    { packing: 'side by side', webm: 1, mp4: 2 },
    { packing: 'top and bottom, right eye first', webm: 2, mp4: undefined },
    { packing: 'top and bottom', webm: 3, mp4: 1 },
    { packing: 'side by side, right eye first', webm: 11, mp4: 4 },
    { packing: 'interleaved columns', webm: undefined, mp4: undefined },
    { packing: 'no such thing', webm: undefined, mp4: undefined },
  ])('is stated as WebM and MP4 can: $packing', ({ packing, webm, mp4 }) => {
    expect({ webm: webmModeOf(packing), mp4: boxModeOf(packing) }).toEqual({ webm, mp4 });
  });
});
