import { describe, expect, it } from '@jest/globals';
import { readTtml, type TtmlSample } from '../../../core/subtitles/read-ttml.ts';

const document = (body: string, { root = '', head = '' } = {}) =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" ${root}><tt:head>${head}</tt:head>` +
      `<tt:body>${body}</tt:body></tt:tt>`,
  );

const cuesIn = (...samples: readonly TtmlSample[]) =>
  readTtml(samples).cues.map(({ startSeconds, endSeconds, text }) => `${startSeconds}-${endSeconds} ${text}`);

/** The texts of a document that is shown for the first 100 seconds. */
const read = (body: string, said = {}) => cuesIn({ from: 0, to: 100, bytes: document(body, said) });

describe('the texts of TTML', () => {
  it.each([
    ['<tt:p begin="1s" end="2s">One</tt:p>', ['1-2 One']],
    ['<tt:p begin="00:00:01.5" dur="500ms">One<tt:br/>two</tt:p>', ['1.5-2 One\ntwo']],
    ['<tt:div begin="10s"><tt:p begin="1s" end="2s">Within</tt:p></tt:div>', ['11-12 Within']],
    ['<tt:div begin="10s" end="11s"><tt:p end="2s">Cut</tt:p></tt:div>', ['10-11 Cut']],
    ['<tt:p>Always</tt:p>', ['0-100 Always']],
    [
      '<tt:div timeContainer="seq"><tt:p dur="2s">a</tt:p><tt:p begin="1s" dur="1s">b</tt:p></tt:div>',
      ['0-2 a', '3-4 b'],
    ],
    [
      '<tt:p begin="1s" end="4s"><tt:span begin="0s">a </tt:span><tt:span begin="1s" end="2s">b</tt:span></tt:p>',
      ['1-2 a', '2-3 a b', '3-4 a'],
    ],
    ['<tt:p end="1s">\n   two\n   words  <tt:span> more </tt:span></tt:p>', ['0-1 two words more']],
    ['<tt:p end="1s">a &amp; b &lt; c &#233; <![CDATA[<d>]]><!-- no --></tt:p>', ['0-1 a & b < c é <d>']],
    ['<tt:p end="1s"><tt:metadata>no</tt:metadata>a<tt:set color="red"/></tt:p>', ['0-1 a']],
    [
      '<tt:p end="1s"><tt:span tts:ruby="base">漢</tt:span><tt:span tts:ruby="text">かん</tt:span></tt:p>',
      ['0-1 漢(かん)'],
    ],
    ['<tt:p begin="2s" end="1s">never</tt:p><tt:p end="1s"> <tt:br/> </tt:p>', []],
  ])('%s', (body, cues) => {
    expect(read(body)).toEqual(cues);
  });

  it.each([
    ['ttp:frameRate="25"', '00:00:01:05', 1.2],
    ['ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', '30f', 1.001],
    ['ttp:frameRate="25" ttp:subFrameRate="2"', '00:00:01:05.1', 1.22],
    ['ttp:tickRate="10000000"', '15000000t', 1.5],
    ['', '0.5m', 30],
    ['', '00:00:01:15', 1.5],
  ])('with %s a time of %s is %d s', (root, time, seconds) => {
    const [{ endSeconds = 0 } = {}] = readTtml([
      { from: 0, to: 100, bytes: document(`<tt:p end="${time}">a</tt:p>`, { root }) },
    ]).cues;
    expect(endSeconds).toBeCloseTo(seconds, 6);
  });

  it('have the looks of their own attributes, of styles, and of what holds them', () => {
    const head =
      '<tt:styling><tt:style xml:id="y" tts:color="yellow"/><tt:style xml:id="s" style="y" tts:fontStyle="italic"/></tt:styling>';
    const body =
      '<tt:div style="s"><tt:p end="1s">a<tt:span tts:fontStyle="normal" tts:fontWeight="bold" tts:color="#ffffffff"> b</tt:span></tt:p></tt:div>';
    expect(read(body, { head })).toEqual(['0-1 <font color="#ffff00"><i>a</i></font> <b>b</b>']);
  });

  it('that lie in several samples are one text, and each sample shows its own time alone', () => {
    const bytes = document('<tt:p begin="1s" end="5s">One</tt:p><tt:p begin="1s" end="2s">Two</tt:p>');
    const samples = [
      { from: 0, to: 2, bytes },
      { from: 2, to: 3, bytes },
      { from: 3, to: 4, bytes: Buffer.alloc(0) },
      { from: 4, to: 9, bytes },
    ];
    expect(cuesIn(...samples)).toEqual(['1-3 One', '1-2 Two', '4-5 One']);
  });

  it('as pictures, and documents that are none, are told', () => {
    const picture = document('<tt:div end="1s" smpte:backgroundImage="#i"/>');
    const broken = Buffer.from('<tt><body><p>One');
    const samples = [picture, Buffer.from('no document'), broken].map((bytes) => ({ from: 0, to: 1, bytes }));
    expect(readTtml(samples)).toEqual({
      cues: [expect.objectContaining({ text: 'One' })],
      unread: 1,
      hasPictures: true,
    });
  });
});

describe('a hostile document of TTML', () => {
  const isUnread = (text: string) => readTtml([{ from: 0, to: 1, bytes: Buffer.from(text) }]).unread === 1;

  it('expands nothing, and reads nothing from elsewhere', () => {
    const laughs = '<!DOCTYPE tt [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><tt><body><p>&b;</p></body></tt>';
    expect(isUnread(laughs)).toBe(true);
    expect(isUnread('<!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt><body><p>a</p></body></tt>')).toBe(true);
    expect(read('<tt:p end="1s">&unknown;</tt:p>')).toEqual(['0-1 &unknown;']);
  });

  it('may not be deep, or have millions of elements', () => {
    expect(isUnread(`<tt><body>${'<div>'.repeat(10_000)}`)).toBe(true);
    expect(isUnread(`<tt><body>${'<p/>'.repeat(300_000)}</body></tt>`)).toBe(true);
    expect(isUnread('<tt '.repeat(100_000))).toBe(true);
  });

  it('may have styles that name themselves and each other many times', () => {
    const ids = Array.from({ length: 60 }, (_, i) => `s${i}`);
    const styles = ids.map((id) => `<tt:style xml:id="${id}" style="${ids.join(' ')}"/>`).join('');
    expect(read('<tt:p style="s1" end="1s">a</tt:p>', { head: `<tt:styling>${styles}</tt:styling>` })).toEqual([
      '0-1 a',
    ]);
  });

  it('may have a time for each of many words', () => {
    const spans = Array.from({ length: 5000 }, (_, i) => `<tt:span begin="${i}ms">a</tt:span>`).join('');
    expect(read(`<tt:p end="50s">${spans}</tt:p>`)).toEqual([`0-50 ${'a'.repeat(5000)}`]);
  });
});
