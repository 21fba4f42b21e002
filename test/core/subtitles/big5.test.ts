import { expect, it } from '@jest/globals';
import { fromBig5 } from '../../../core/subtitles/big5.ts';
import { decodedText } from '../../../core/subtitles/decoded-text.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

// all 4,901 pairs are those of Python's codec "big5hkscs" and of glibc's iconv
it.each([
  ['letters of Cantonese', '9df8 9def 9df7 9dcf c94e cd71', '啲嘅咗嘢冇畀'],
  ['letters of more than 16 bits', '8b48', '𠺘'],
  ['letters with marks', '8862 8864 88a3 88a5', 'Ê̄Ê̌ê̄ê̌'],
  ['letters of Big5 and ASCII with those', '41 a4a4 9df8 a4e5 0a 42', 'A中啲文\nB'],
  ['the first and the last of a row', '8743 a140 fefe', '䖦\u3000秔'],
])('%s of Hong Kong are read', (_, hex, text) => {
  expect(fromBig5(bytes(hex))).toBe(text);
});

it('Chinese subtitles in Big5 are read with them', () => {
  const words = Buffer.concat([
    Buffer.from('1\n00:00:01,000 --> 00:00:02,000\n'),
    bytes('a7da 9def a4a4 a4e5 a455 c94e'),
  ]);
  expect(decodedText(words, 'chi')).toEqual({
    encoding: 'big5',
    text: '1\n00:00:01,000 --> 00:00:02,000\n我嘅中文下冇',
  });
});
