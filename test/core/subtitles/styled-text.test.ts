import { describe, expect, it } from '@jest/globals';
import { type StyledText, styledSubRip, styledWebVtt } from '../../../core/subtitles/styled-text.ts';

/** The styles of a text, each before the letters that it is for. */
const stylesOf = ({ letters, parts }: StyledText) =>
  parts.map(({ from, to, style: { isBold, isItalic, isUnderlined, colour = '' } }) => {
    const words = [...letters].slice(from, to).join('');
    return `${isBold ? 'b' : ''}${isItalic ? 'i' : ''}${isUnderlined ? 'u' : ''}${colour} ${words}`;
  });

describe('the words of a cue of WebVTT', () => {
  // the examples of the specification (W3C WebVTT 1, 4 to 6)
  it.each([
    ['<v Roger Bingham>We are in New York City', 'We are in New York City', []],
    ['<v.first.loud Esme>It’s a blue apple tree!', 'It’s a blue apple tree!', []],
    ['<v Esme>Hee!</v> <i>laughter</i>', 'Hee! laughter', ['i laughter']],
    ['When the moon <00:17.500>hits your eye', 'When the moon hits your eye', []],
    ['Like a <00:19.000>big-a <00:19.500>pizza <00:20.000>pie', 'Like a big-a pizza pie', []],
    [
      'Sur les <i.foreignphrase><lang en>playground</lang></i>, ici à Montpellier',
      'Sur les playground, ici à Montpellier',
      ['i playground'],
    ],
    ['<c.yellow.bg_blue>This is yellow text</c>', 'This is yellow text', ['#ffff00 This is yellow text']],
    ['<c.yellow.bg_blue.magenta.bg_black>This is magenta</c>', 'This is magenta', ['#ff00ff This is magenta']],
  ])('%s', (cue, letters, styles) => {
    const text = styledWebVtt(cue);
    expect({ letters: text.letters, styles: stylesOf(text) }).toEqual({ letters, styles });
  });

  it.each([
    ['Tom &amp; Jerry: 1 &lt; 2 &gt; 0', 'Tom & Jerry: 1 < 2 > 0'],
    ['&amp;lt;i&amp;gt;', '&lt;i&gt;'],
    ['&#233;t&#xe9; &lrm;a&nbsp;b', 'été \u200ea\u00a0b'],
    ['&nothing; & &#0; &#xd800;', '&nothing; & \ufffd \ufffd'],
    ['<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>です', '漢(かん)字(じ)です'],
    ['<ruby>漢<rt>かん</ruby>です', '漢(かん)です'],
    ['one <unknown>two</unknown> three', 'one two three'],
    ['an end <i', 'an end '],
    ['</i></c>one', 'one'],
    ['&lt;i>no mark', '<i>no mark'],
  ])('%s is %s', (cue, letters) => {
    expect(styledWebVtt(cue).letters).toBe(letters);
  });

  it('styles lie in each other, and count characters of more than 16 bits as one', () => {
    expect(stylesOf(styledWebVtt('😀<b>a<i>b</b>c</i>d <u>e'))).toEqual(['b a', 'bi b', 'u e']);
  });
});

describe('a text of SubRip', () => {
  it.each([
    ['<i>one</i> and <font color="#FF0000">red</font>', 'one and red', ['i one', '#ff0000 red']],
    ["<FONT face='x' color=yellow>y</FONT>", 'y', ['#ffff00 y']],
    ['{\\an8}above <b>bold\nlines</b>', 'above bold\nlines', ['b bold\nlines']],
    ['1 < 2 <3 <bold> &amp; {curly}', '1 < 2 <3 <bold> &amp; {curly}', []],
    ['a\r\nb\rc\u0000', 'a\nb\nc', []],
    ['<i></i>', '', []],
  ])('%s', (words, letters, styles) => {
    const text = styledSubRip(words);
    expect({ letters: text.letters, styles: stylesOf(text) }).toEqual({ letters, styles });
  });

  it('with a million marks is read as quickly as any other', () => {
    const text = styledSubRip(`${'<i>'.repeat(300_000)}a${'{\\'.repeat(300_000)}${'<font '.repeat(100_000)}`);
    expect(text.letters.length).toBe(1 + 600_000 + 600_000);
  });
});
