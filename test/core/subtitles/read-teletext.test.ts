import { describe, expect, it } from '@jest/globals';
import { readTeletext } from '../../../core/subtitles/read-teletext.ts';
import { fields, filler, head, regionOf, row } from '../../fixtures/teletext.ts';

const read = (...sent: readonly (readonly [seconds: number, data: Buffer])[]) =>
  readTeletext(
    sent.map(([seconds, data]) => ({ seconds, data })),
    10,
    undefined,
  );

const PAGE = [head({ page: '888' }), row('888', 22, 'Hello'), filler('888')];

/** The row 22 of 24, from the third column of 40 on. */
const LEFT = 'line:80% position:14% align:start';
const [RED, GREEN, WHITE] = [1, 2, 7];

describe('subtitles in packets of teletext', () => {
  it('are shown until their page is sent again without a text, and the last one until the film ends', () => {
    const { tracks } = read([1, fields(PAGE)], [3, fields([head({ page: '888' }), filler('888')])], [5, fields(PAGE)]);
    expect(tracks).toEqual([
      {
        channel: 'page 888',
        cues: [
          { startSeconds: 1, endSeconds: 3, text: 'Hello', settings: LEFT },
          { startSeconds: 5, endSeconds: 10, text: 'Hello', settings: LEFT },
        ],
      },
    ]);
  });

  it('are what stands in boxes, without the row that letters of double height cover', () => {
    const rows = [row('888', 20, 'Tall', [13]), row('888', 21, 'covered'), row('888', 22, 'below')];
    expect(read([1, fields([head({ page: '888' }), ...rows])]).tracks[0]?.cues[0]?.text).toBe('Tall\nbelow');
  });

  it('keep the colours of their letters, row by row', () => {
    const rows = [
      row('888', 20, `One${String.fromCharCode(GREEN)}two`, [RED]),
      row('888', 22, 'three'),
      row('888', 23, 'x', [WHITE]),
    ];
    expect(read([1, fields([head({ page: '888' }), ...rows])]).tracks[0]?.cues[0]?.text).toBe(
      '<font color="#ff0000">One</font> <font color="#00ff00">two</font>\nthree\nx',
    );
  });

  it('stand around their common middle, or where their first column is, and nowhere where rows are far apart', () => {
    const space = 0x20;
    const at = (number: number, text: string, column: number) =>
      row('888', number, text, Array(column - 2).fill(space));
    const settings = (...rows: readonly (readonly number[])[]) =>
      read([1, fields([head({ page: '888' }), ...rows])]).tracks[0]?.cues[0]?.settings;
    expect(settings(at(20, 'a long line', 15), at(22, 'short', 18))).toBe('line:73.33% position:51% align:center');
    expect(settings(at(1, 'at the left', 4), at(2, 'too', 4))).toBe('line:10% position:18% align:start');
    expect(settings(at(2, 'above', 18), at(22, 'below', 18))).toBeUndefined();
  });

  it.each([
    { name: 'Russian', region: 4, option: 4, sent: 'oRIWET, WSE & Y_', text: 'оРИВЕТ, ВСЕ ы ЪЫ' },
    { name: 'Ukrainian', region: 4, option: 5, sent: 'yj&_', text: 'ійїЇ' },
    { name: 'Serbian', region: 4, option: 0, sent: 'JQWX_ & 5', text: 'ЈЌЃЉЏ & 5' },
    { name: 'Greek', region: 6, option: 7, sent: 'Jakgl\u007c <ra>', text: 'Καλημό «ςα»' },
  ])('are read in $name letters', ({ region, option, sent, text }) => {
    const page = [regionOf('888', region), head({ page: '888', option }), row('888', 22, sent)];
    expect(read([1, fields(page)]).tracks[0]?.cues[0]?.text).toBe(text);
  });

  it.each([
    { language: 'rus', text: 'МИР' },
    { language: 'ukr', text: 'МИР' },
    { language: 'lav', text: 'MIR' },
    { language: 'mkd', text: 'МИР' },
    { language: 'deu', text: 'MIR' },
  ])('are read in the letters of the language where nothing is said: $language', ({ language, text }) => {
    const data = fields([head({ page: '888' }), row('888', 22, 'MIR')]);
    const { tracks } = readTeletext([{ seconds: 1, data }], 10, language);
    expect(tracks[0]?.cues[0]?.text).toBe(text);
  });

  it('in Hebrew letters are in the order in which they are read, with numbers and Latin words as they are', () => {
    const said = (sent: string) => {
      const page = [regionOf('888', 10), head({ page: '888', option: 5 }), row('888', 22, sent)];
      return read([1, fields(page)]).tracks[0]?.cues[0]?.text;
    };
    expect(said('.mely')).toBe('שלום.');
    expect(said('!12:30 (BBC NEWS) `a')).toBe('בא (BBC NEWS) 12:30!');
    expect(said('HELLO')).toBe('HELLO');
  });

  it('end where any page of any magazine begins, if magazines are sent one after the other', () => {
    const first = [head({ page: '888', serial: true }), row('888', 22, 'One')];
    const second = [head({ page: '150', serial: true }), row('150', 22, 'Two'), row('888', 23, 'late')];
    const { tracks } = read([1, fields([...first, ...second])]);
    expect(tracks.map(({ channel, cues }) => [channel, cues[0]?.text])).toEqual([
      ['page 150', 'Two'],
      ['page 888', 'One'],
    ]);
  });

  it('stay what they are where one bit of an address is wrong', () => {
    const data = fields(PAGE);
    for (const at of [5, 6, 7]) data.writeUInt8(data.readUInt8(at) ^ 0x10, at);
    expect(read([1, data]).tracks[0]?.cues[0]?.text).toBe('Hello');
  });

  it('are none in bytes that mean nothing', () => {
    const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => Math.imul(i + 1, 0x9e37_79b1) >>> 24));
    expect(() => read([1, noise], [2, Buffer.alloc(0)], [3, Buffer.from([0x10, 3])])).not.toThrow();
    const packets = Array.from({ length: 200 }, (_, i) => [...noise.subarray(i * 42, i * 42 + 42)]);
    expect(() => read([1, fields(packets)])).not.toThrow();
  });
});
