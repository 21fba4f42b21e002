import { describe, expect, it } from '@jest/globals';
import { boxesOf } from '../../../core/bytes/boxes.ts';
import { editListBox, editsIn, shiftedEdits, type TrackEdit } from '../../../core/bytes/edit-list-box.ts';
import { box, u32 } from '../../fixtures/craft.ts';

const read = (bytes: Buffer) => {
  const [elst] = boxesOf(bytes, 0, bytes.length);
  return elst && editsIn(bytes, elst);
};

describe('an edit list', () => {
  it.each<[string, readonly TrackEdit[]]>([
    ['of one stretch', [{ lasts: 10, from: 5, rate: 0x1_0000 }]],
    [
      'with an empty edit',
      [
        { lasts: 3, from: -1, rate: 0x1_0000 },
        { lasts: 10, from: 0, rate: 0x1_0000 },
      ],
    ],
    ['of a film of days', [{ lasts: 2 ** 33, from: 2 ** 34, rate: 0x1_0000 }]],
  ])('%s is written as it is read', (_, edits) => {
    expect(read(editListBox(edits))).toEqual(edits);
  });

  it.each([
    ['has no entry', box('elst', u32(0), u32(0))],
    ['announces more entries than it holds', box('elst', u32(0), u32(2), Buffer.alloc(12))],
    ['ends in its header', box('elst', u32(0))],
  ])('that %s is not read', (_, bytes) => {
    expect(read(bytes)).toBeUndefined();
  });

  const scales = { movieScale: 1000, timescale: 90_000 };
  it.each<[string, number, readonly TrackEdit[], readonly TrackEdit[]]>([
    [
      'later: nothing is shown at first',
      40,
      [{ lasts: 100, from: 7 }],
      [
        { lasts: 40, from: -1 },
        { lasts: 100, from: 7 },
      ],
    ],
    [
      'earlier: less of nothing',
      -30,
      [
        { lasts: 40, from: -1 },
        { lasts: 100, from: 0 },
      ],
      [
        { lasts: 10, from: -1 },
        { lasts: 100, from: 0 },
      ],
    ],
    [
      'earlier by more than nothing: it begins inside',
      -50,
      [
        { lasts: 40, from: -1 },
        { lasts: 100, from: 0 },
      ],
      [{ lasts: 90, from: 900 }],
    ],
  ])('shows everything %s', (_, ticks, edits, wanted) => {
    expect(shiftedEdits(edits, { ticks, ...scales })).toEqual(wanted);
  });
});
