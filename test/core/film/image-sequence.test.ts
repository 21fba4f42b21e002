import { describe, expect, it } from '@jest/globals';
import { framesAmong, type Gaps, sequenceIn, sequencePattern, shownFrames } from '../../../core/film/image-sequence.ts';

describe('the name of a sequence', () => {
  it.each([
    ['frame_%05d.png', { prefix: 'frame_', digits: 5, suffix: '.png' }],
    ['%d.EXR', { prefix: '', digits: 0, suffix: '.EXR' }],
    ['shot %04d final.tiff', { prefix: 'shot ', digits: 4, suffix: ' final.tiff' }],
    ['loop_%05d.mp4', undefined],
    ['100%.png', undefined],
    ['%05d_%02d.png', undefined],
    ['frame_%5d.png', undefined],
    ['frame_00001.png', undefined],
  ])('is read: %s', (name, pattern) => {
    expect(sequencePattern(name)).toEqual(pattern);
  });

  it.each([
    ['frame_%03d.png', ['frame_001.png', 'frame_1.png', 'frame_0010.png', 'frame_1000.png'], [1, 1000]],
    ['f%d.png', ['f10.png', 'f9.png', 'f09.png', 'f9.png.bak'], [9, 10]],
    ['f%d.png', ['fx.png', 'f-1.png', 'f.png', 'f1e3.png'], []],
  ])('%s means of %j the numbers %j, in their order', (name, names, numbers) => {
    const pattern = sequencePattern(name);
    expect(pattern && framesAmong(pattern, names).map(({ number }) => number)).toEqual(numbers);
  });

  it.each([
    [['a_0001.png', 'a_0002.png', '.DS_Store', 'Thumbs.db'], 'a_%04d.png'],
    [['8.dpx', '9.dpx', '10.dpx'], '%d.dpx'],
    [['v2_shot3_08.jpg', 'v2_shot3_09.jpg', 'v2_shot3_11.jpg'], 'v2_shot3_%02d.jpg'],
    [['a_0001.png', 'b_0002.png'], undefined],
    [['a_0001.png', 'a_0002.png', 'a.mov'], undefined],
    [['a_0001.png', 'a_0002.png', 'takes/'], undefined],
    [['a_0001.png'], undefined],
    [[], undefined],
  ])('of a folder with %j is %s', (names, sequence) => {
    expect(sequenceIn(names)).toBe(sequence);
  });

  it.each([
    [['a_0001.png'], 'a_%04d.png'],
    [['a.png'], undefined],
    [['a_0001.png', 'notes.txt'], undefined],
    [[], undefined],
  ])('of a folder with %j, in which one picture may be a sequence, is %s', (names, sequence) => {
    expect(sequenceIn(names, 1)).toBe(sequence);
  });
});

describe('gaps of a sequence', () => {
  const pattern = { prefix: 'f_', digits: 3, suffix: '.png' };
  const shown = (numbers: readonly number[], gaps: Gaps) =>
    shownFrames(
      pattern,
      numbers.map((number) => ({ number, name: `f_${number}` })),
      gaps,
    );

  it.each([
    [[7, 8, 9], 'refuse', ['f_7', 'f_8', 'f_9']],
    [[1, 2, 5, 6], 'hold', ['f_1', 'f_2', 'f_2', 'f_2', 'f_5', 'f_6']],
    [[1, 2, 5, 6], 'close', ['f_1', 'f_2', 'f_5', 'f_6']],
  ] as const)('%j by %s', (numbers, gaps, names) => {
    expect(shown(numbers, gaps)).toEqual(names);
  });

  it.each([
    [[1, 2, 4], /^f_003\.png is missing behind f_002\.png; /],
    [[8, 11, 20], /^f_009\.png is missing behind f_008\.png, and 9 more; .*gaps=hold.*gaps=close/],
  ] as const)('%j are refused with the first', (numbers, reason) => {
    expect(() => shown(numbers, 'refuse')).toThrow(reason);
  });

  it('are not held for a year', () => {
    expect(() => shown([1, 2, 900_000_000], 'hold')).toThrow(/take gaps=close$/);
  });
});
