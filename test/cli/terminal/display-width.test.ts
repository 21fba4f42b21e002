import { describe, expect, it } from '@jest/globals';
import { brokenIntoLines, columnOf, cut, displayWidth, withoutMiddle } from '../../../cli/terminal/display-width.ts';

describe('the width of a text on a terminal', () => {
  it.each([
    ['clip.mov', 8],
    ['', 0],
    ['Straße.mov', 10],
    ['e\u0301te\u0301.mov', 7],
    ['東京タワー.mp4', 14],
    ['서울.mp4', 8],
    ['\uff76\uff92\uff97.avi', 7],
    ['\uff26\uff55\uff4c\uff4c', 8],
    ['🎬 take.mov', 11],
    ['👩‍👩‍👧‍👦.mov', 6],
    ['❤️.mov', 6],
    ['🇯🇵.mov', 6],
  ])('of %j is %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('a name that is too long', () => {
  it.each([
    ['DSC_0042.mov', 12, 'DSC_0042.mov'],
    ['holiday/2019/Rome/DSC_0042.mov', 20, 'holiday/20…_0042.mov'],
    ['東京タワーの夜景を撮影した.mp4', 16, '東京タワ…た.mp4'],
    ['e\u0301'.repeat(20), 9, `${'e\u0301'.repeat(4)}…${'e\u0301'.repeat(4)}`],
    ['👩‍👩‍👧‍👦'.repeat(9), 5, '👩‍👩‍👧‍👦…👩‍👩‍👧‍👦'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j has its middle left out in %i columns: %j', (name, width, short) => {
    expect(withoutMiddle(name, width)).toBe(short);
    expect(displayWidth(withoutMiddle(name, width))).toBeLessThanOrEqual(Math.max(0, width));
  });

  it.each(['clip.mov', '東京タワーの夜景.mp4', 'a/very/long/path/to/some/film.mkv', '🎬🎬🎬🎬🎬🎬🎬🎬', ''])(
    'fills any number of columns exactly: %j',
    (name) => {
      for (let width = 0; width < 40; width++) expect(displayWidth(columnOf(name, width))).toBe(width);
    },
  );

  it('keeps its beginning where a sentence is cut', () => {
    expect(cut('the file ends in the middle of a frame', 20)).toBe('the file ends in th…');
    expect(cut('short', 20)).toBe('short');
  });
});

describe('a sentence that is too long for a line', () => {
  it('is broken at spaces', () => {
    expect(brokenIntoLines('the file ends in the middle of a frame', 16)).toEqual([
      'the file ends in',
      'the middle of a',
      'frame',
    ]);
  });

  it('is broken inside a word only if the word is longer than a line', () => {
    expect(brokenIntoLines('a 日本語日本語日本語 b', 8)).toEqual(['a', '日本語日', '本語日本', '語 b']);
  });

  it('never makes a line wider than asked', () => {
    const text = 'https://example.org/a/very/long/address/without/a/space and 日本語の名前 behind it';
    for (let width = 2; width < 60; width++)
      for (const line of brokenIntoLines(text, width)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });
});
