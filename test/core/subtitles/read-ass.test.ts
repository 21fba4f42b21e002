import { expect, it } from '@jest/globals';
import { assCues } from '../../../core/subtitles/read-ass.ts';

const FORMAT = 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text';
const HEAD = `[Script Info]\nDialogue: 0,0:00:00.00,9:00:00.00,no event\n\n[Events]\n${FORMAT}\n`;
const event = (text: string) => `Dialogue: 0,0:00:01.00,1:02:03.45,Default,,0,0,0,,${text}\n`;
const textsOf = (file: string) => [...assCues(file)].map(({ text }) => text);

it.each([
  { what: 'commas', text: 'one, two, three', as: 'one, two, three' },
  { what: 'lines', text: 'one\\Ntwo\\nthree\\hfour', as: 'one\ntwo\nthree four' },
  { what: 'an empty line', text: 'one\\N\\Ntwo', as: 'one\ntwo' },
  { what: 'italics', text: '{\\i1}soft{\\i0} loud', as: '<i>soft</i> loud' },
  { what: 'italics that nothing ends', text: '{\\an8\\i1\\b1}soft', as: '<i><b>soft</b></i>' },
  { what: 'places and colours', text: '{\\pos(10,20)\\1c&HFFFFFF&\\fad(1,2)\\bord2}here', as: 'here' },
  { what: 'a drawing', text: '{\\p1}m 0 0 l 10 10{\\p0}', as: '' },
  { what: 'signs of other languages', text: 'a < b & c', as: 'a &lt; b &amp; c' },
])('reads an event with $what', ({ text, as }) => {
  expect([...assCues(HEAD + event(text))]).toEqual([{ startSeconds: 1, endSeconds: 3723.45, text: as }]);
});

it.each([
  {
    what: 'with the fields of SSA',
    file: '[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.0,0:00:02.0,a, b\n',
    texts: ['a, b'],
  },
  { what: 'with lines of DOS', file: (HEAD + event('a') + event('b')).replaceAll('\n', '\r\n'), texts: ['a', 'b'] },
  { what: 'with comments', file: HEAD + event('a').replace('Dialogue', 'Comment') + event('b'), texts: ['b'] },
  { what: 'without times', file: `${HEAD}Dialogue: 0,now,then,Default,,0,0,0,,a\n`, texts: [] },
  { what: 'that is none', file: '#EXTM3U\nfile:///etc/passwd\n', texts: [] },
])('reads a file $what', ({ file, texts }) => {
  expect(textsOf(file)).toEqual(texts);
});
