import { describe, expect, it } from '@jest/globals';
import { chunksOfTrack } from '../../../core/bytes/track-chunks.ts';
import { box, boxes, u8, u32 } from '../../fixtures/craft.ts';
import { withDataTrack } from '../../fixtures/telemetry.ts';

const rows = (type: string, ...numbers: readonly number[]) => box(type, u32(0), ...numbers.map(u32));
const sizes = rows('stsz', 0, 3, 10, 20, 30);
const INSIDE = box('url ', u32(1));

const track = (tables: readonly Buffer[], reference = INSIDE) =>
  box('trak', box('mdia', box('minf', box('dinf', box('dref', u32(0), u32(1), reference)), box('stbl', ...tables))));

describe('the samples of a track', () => {
  it('lie in chunks, as runs of chunks tell', () => {
    const mp4 = withDataTrack(box('moov'), { entry: 'gpmd', samples: [u8(1), u8(2, 3), u8(4)], durations: [1, 1, 1] });
    const [, , moov] = [undefined, ...boxes(mp4)];
    const [trak] = boxes(mp4.subarray((moov?.start ?? 0) + 8));
    const bytes = mp4.subarray((moov?.start ?? 0) + 8 + (trak?.start ?? 0));
    expect(chunksOfTrack(bytes)).toEqual([
      { at: 8, bytes: 3 },
      { at: 11, bytes: 1 },
    ]);
  });

  it.each([
    [
      'in 64 bits',
      [rows('co64', 2, 1, 4, 0, 500), rows('stsc', 2, 1, 2, 1, 2, 1, 1), sizes],
      [2 ** 32 + 4, 500],
      [30, 30],
    ],
    ['of one size', [rows('stco', 1, 100), rows('stsc', 1, 1, 4, 1), rows('stsz', 25, 4)], [100], [100]],
    [
      'of compact sizes',
      [rows('stco', 1, 100), rows('stsc', 1, 1, 2, 1), box('stz2', u32(0), u32(8), u32(2), u8(3, 4))],
      [100],
      [7],
    ],
  ])('are found %s', (_, tables, at, bytes) => {
    expect(chunksOfTrack(track(tables))).toEqual(at.map((each, i) => ({ at: each, bytes: bytes[i] })));
  });

  it.each([
    ['there are none, as where fragments hold them', [rows('stco', 0), rows('stsc', 0), rows('stsz', 0, 0)], INSIDE],
    ['a run announces more samples than there are', [rows('stco', 1, 9), rows('stsc', 1, 1, 4, 1), sizes], INSIDE],
    ['chunks hold fewer samples than there are', [rows('stco', 1, 9), rows('stsc', 1, 1, 2, 1), sizes], INSIDE],
    ['runs begin behind the first chunk', [rows('stco', 2, 9, 9), rows('stsc', 1, 2, 3, 1), sizes], INSIDE],
    ['runs are not in order', [rows('stco', 2, 9, 9), rows('stsc', 2, 1, 1, 1, 1, 2, 1), sizes], INSIDE],
    ['a run begins behind the last chunk', [rows('stco', 1, 9), rows('stsc', 2, 1, 3, 1, 7, 1, 1), sizes], INSIDE],
    ['a table announces more than it holds', [rows('stco', 5, 9), rows('stsc', 1, 1, 3, 1), sizes], INSIDE],
    ['sizes are absent', [rows('stco', 1, 9), rows('stsc', 1, 1, 3, 1)], INSIDE],
    ['they lie in another file', [rows('stco', 1, 9), rows('stsc', 1, 1, 3, 1), sizes], box('url ', u32(0), u8(97, 0))],
  ])('are not told where %s', (_, tables, reference) => {
    expect(chunksOfTrack(track(tables, reference))).toBeUndefined();
  });
});
