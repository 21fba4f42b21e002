import { expect, it } from '@jest/globals';
import { webVtt } from '../../../core/subtitles/web-vtt.ts';

const written = (text: string) => webVtt([{ startSeconds: 1, endSeconds: 3723.5, text }]);

it('writes a file that begins with its name and has the times of each text', () => {
  expect(written('Hello')).toBe('WEBVTT\n\n00:00:01.000 --> 01:02:03.500\nHello\n\n');
});

it.each([
  { text: 'salt & pepper', as: 'salt &amp; pepper' },
  { text: 'AT&T; 3&nbsp;km &#39;so&#39; &amp; &lt;', as: 'AT&amp;T; 3&nbsp;km &#39;so&#39; &amp; &lt;' },
  { text: 'a < b, 1 <2, <3', as: 'a &lt; b, 1 &lt;2, &lt;3' },
  { text: '<i>soft</i> <b>loud</b> <u>under</u>', as: '<i>soft</i> <b>loud</b> <u>under</u>' },
  { text: '<v Mary & Tom>Hi</v> <c.yellow.bg>x</c>', as: '<v Mary &amp; Tom>Hi</v> <c.yellow.bg>x</c>' },
  { text: '<00:00:02.000>sing <01:00:02.000>on', as: '<00:00:02.000>sing <01:00:02.000>on' },
  { text: '<ruby>漢<rt>kan</rt></ruby> <lang en>x</lang>', as: '<ruby>漢<rt>kan</rt></ruby> <lang en>x</lang>' },
  { text: '<iframe src=x> <script>', as: '&lt;iframe src=x> &lt;script>' },
  { text: '<font color="#ffff00">Yellow</font> {\\an8}above', as: '<c.yellow>Yellow</c> above' },
  { text: '<font face="Arial"><font color=#00B0FF>Blue</font> plain</font>', as: '<c.cyan>Blue</c> plain' },
  { text: '<font size="3" color="green">go</font></font>', as: '<c.lime>go</c>' },
  { text: '<font color="#eeeeee">grey</font> <font color="peru">other</font>', as: 'grey other' },
  { text: '<font color="red">unended', as: '<c.red>unended</c>' },
  { text: 'this --> that', as: 'this --&gt; that' },
  { text: 'unfinished <i', as: 'unfinished &lt;i' },
])('has $text as $as', ({ text, as }) => {
  expect(written(text)).toContain(`\n${as}\n`);
});

it('describes the colours that its texts have, once each', () => {
  const cue = (text: string) => ({ startSeconds: 1, endSeconds: 2, text });
  const file = webVtt([cue('<font color="#ff0000">a</font>'), cue('<c.red>b</c> <font color="#00ffff">c</font>')]);
  expect(file.split('\n\n')[1]).toBe('STYLE\n::cue(.cyan) { color: cyan }\n::cue(.red) { color: red }');
});
