import { describe, expect, it } from '@jest/globals';
import { opusSamples } from '../../../core/bytes/opus-end.ts';

describe('how long a packet of Opus is', () => {
  // table 2 of RFC 6716, and the codes of 3.2
  it.each([
    ['SILK, 10 ms, one frame', [0 << 3], 480],
    ['SILK, 60 ms, one frame', [3 << 3], 2880],
    ['hybrid, 20 ms, one frame', [13 << 3], 960],
    ['CELT, 2.5 ms, two equal frames', [(16 << 3) | 1], 240],
    ['CELT, 20 ms, two unequal frames', [(31 << 3) | 2], 1920],
    ['CELT, 20 ms, six frames', [(31 << 3) | 3, 6], 5760],
    ['no byte', [], undefined],
    ['no frame', [(31 << 3) | 3, 0], undefined],
    ['more than 120 ms', [(31 << 3) | 3, 7], undefined],
  ])('%s', (_, bytes, samples) => {
    expect(opusSamples(Uint8Array.from(bytes))).toBe(samples);
  });
});
