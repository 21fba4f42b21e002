import { describe, expect, it } from '@jest/globals';
import { editedTexts } from '../../../core/film/edited-texts.ts';

const TEXTS = [
  { from: 0.2, to: 0.6 },
  { from: 3.5, to: 4.9 },
];
const WHOLE = [{ from: 0, lasts: Number.POSITIVE_INFINITY }];

describe('the texts of a track as its edit list shows them', () => {
  it.each([
    ['all of them without an edit', WHOLE, 0, TEXTS],
    [
      'from the beginning of the film',
      WHOLE,
      0.5,
      [
        { from: 0, to: 0.1 },
        { from: 3, to: 4.4 },
      ],
    ],
    [
      'later behind an edit that shows nothing',
      [{ from: undefined, lasts: 1 }, ...WHOLE],
      0,
      [
        { from: 1.2, to: 1.6 },
        { from: 4.5, to: 5.9 },
      ],
    ],
    ['without those before an edit', [{ from: 1, lasts: 3.5 }], 0, [{ from: 2.5, to: 3.5 }]],
    [
      'in the part that an edit shows',
      [
        { from: 0.5, lasts: 1 },
        { from: 4, lasts: 0.5 },
      ],
      0,
      [
        { from: 0, to: 0.1 },
        { from: 1, to: 1.5 },
      ],
    ],
  ])('%s', (_, parts, startSeconds, wanted) => {
    const shown = editedTexts(TEXTS, parts, startSeconds) ?? [];
    const rounded = shown.map(({ from, to }) => ({ from: Number(from.toFixed(6)), to: Number(to.toFixed(6)) }));
    expect(rounded).toEqual(wanted);
  });

  it('is not made of more than a film has', () => {
    const parts = Array.from({ length: 100_000 }, () => ({ from: 0, lasts: 1 }));
    expect(
      editedTexts(
        Array.from({ length: 11 }, () => TEXTS[0] ?? { from: 0, to: 1 }),
        parts,
        0,
      ),
    ).toBeUndefined();
  });
});
