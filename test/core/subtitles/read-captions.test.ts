import { describe, expect, it } from '@jest/globals';
import { readCaptions } from '../../../core/subtitles/read-captions.ts';
import { type Caption, captionPairs, type Pair, pair } from '../../fixtures/captions.ts';
import { servicePacket, serviceTriplets } from '../../fixtures/service-captions.ts';

const RATE = 25;

/** Pairs of the first field, one a picture of a 25th of a second. */
const inPictures = (pairs: readonly Pair[], mark = 0xfc) =>
  pairs.map((each, i) => ({ seconds: i / RATE, data: Uint8Array.of(mark, ...each) }));
const command = (code: number): readonly Pair[] => [pair(0x14, code), pair(0x14, code)];
const twice = (a: number, b: number): readonly Pair[] => [pair(a, b), pair(a, b)];
const letters = (text: string): readonly Pair[] =>
  Array.from({ length: Math.ceil(text.length / 2) }, (_, i) =>
    pair(text.charCodeAt(2 * i), text.length > 2 * i + 1 ? text.charCodeAt(2 * i + 1) : 0),
  );
const nothing = (pictures: number): readonly Pair[] => Array.from({ length: pictures }, () => [0x80, 0x80]);
const textsOf = (pairs: readonly Pair[], filmSeconds = 10) =>
  readCaptions(inPictures(pairs), filmSeconds).tracks.map(({ channel, cues }) => [
    channel,
    ...cues.map(({ text }) => text),
  ]);
const [ROLL_UP, RETURN, PAINT, ERASE, LAST_ROW] = [0x25, 0x2d, 0x29, 0x2c, 0x70];

/** The fifteenth row from its first column on, in the middle four fifths of the picture. */
const LAST = 'line:84.67% position:10% align:start';

describe('closed captions', () => {
  it('have their place by the first row and the leftmost column, and none where rows stand apart', () => {
    const [row, indentedBy8, tab] = [(low: number) => twice(0x11, low), 0x54, twice(0x17, 0x22)];
    const top = [...row(indentedBy8), ...tab, ...letters('AT THE')];
    const below = [...twice(0x11, 0x20 + indentedBy8), ...letters('TOP')];
    const bottom = [...command(LAST_ROW), ...letters('BELOW')];
    const settings = (pairs: readonly Pair[]) =>
      readCaptions(inPictures([...command(PAINT), ...pairs]), 10).tracks[0]?.cues[0]?.settings;
    expect(settings([...top, ...below])).toBe('line:10% position:30% align:start');
    expect(settings(top)).toBe('line:10% position:35% align:start');
    expect(settings([...top, ...bottom])).toBeUndefined();
  });

  it('that roll up are a cue for each row, from its first letter to that of the next', () => {
    const line = (text: string) => [...command(ROLL_UP), ...command(RETURN), ...command(LAST_ROW), ...letters(text)];
    const pairs = [...line('FIRST ROW'), ...nothing(10), ...line('SECOND'), ...nothing(5), ...command(ERASE)];
    const { tracks } = readCaptions(inPictures(pairs), 10);
    expect(tracks).toEqual([
      {
        channel: 'CC1',
        cues: [
          { text: 'FIRST ROW', startSeconds: 6 / RATE, endSeconds: 27 / RATE, settings: LAST },
          { text: 'SECOND', startSeconds: 27 / RATE, endSeconds: 35 / RATE, settings: LAST },
        ],
      },
    ]);
  });

  it('that are painted have their letters, those of two bytes and italics too, and end with the film', () => {
    const painted = [...command(PAINT), ...twice(0x13, 0x6e), ...letters('CAF'), ...twice(0x11, 0x37)];
    const slanted = [
      ...command(LAST_ROW),
      ...twice(0x11, 0x2e),
      ...letters('SO'),
      ...letters('A'),
      ...twice(0x12, 0x30),
    ];
    expect(textsOf([...painted, ...slanted])).toEqual([['CC1', '<i>CAF♪</i>\n<i>SOÀ</i>']]);
    expect(readCaptions(inPictures([...painted, ...slanted]), 9).tracks[0]?.cues[0]?.endSeconds).toBe(9);
  });

  it('keep colours, italics and underlines, from preambles and from marks between words', () => {
    const row = (low: number) => twice(0x14, 0x60 + low);
    const [green, blueUnderlined, cyanByMark, italics] = [row(0x02), row(0x05), twice(0x11, 0x26), twice(0x11, 0x2f)];
    expect(textsOf([...command(PAINT), ...green, ...letters('GO')])).toEqual([
      ['CC1', '<font color="#00ff00">GO</font>'],
    ]);
    expect(textsOf([...command(PAINT), ...blueUnderlined, ...letters('SO'), ...cyanByMark, ...letters('ON')])).toEqual([
      ['CC1', '<font color="#0000ff"><u>SO</u></font> <font color="#00ffff">ON</font>'],
    ]);
    expect(textsOf([...command(PAINT), ...green, ...letters('A'), ...italics, ...letters('B')])).toEqual([
      ['CC1', '<font color="#00ff00">A</font> <font color="#00ff00"><u><i>B</i></u></font>'],
    ]);
  });

  it('of the second field are told from programme data, and pages of text are named', () => {
    const said: readonly Caption[] = [{ text: 'HOLA', from: 20, to: 40 }];
    const data: readonly Pair[] = [pair(0x01, 0x03), pair(0x41, 0x42), pair(0x0f, 0x1d)];
    const pairs = [...data, ...captionPairs(50, said, 3)];
    expect(readCaptions(inPictures(pairs, 0xfd), 10)).toMatchObject({ tracks: [{ channel: 'CC3' }], unread: [] });
    const page = [...command(0x2a), ...letters('WEATHER')];
    expect(readCaptions(inPictures(page), 10)).toEqual({ tracks: [], unread: ['T1'] });
  });

  it('of CEA-708 are read by their services, also those above 6 and those that roll up', () => {
    const said: readonly Caption[] = [{ text: 'one', from: 3, to: 9 }];
    const pictures = Array.from({ length: 12 }, (_, i) => serviceTriplets(i, said, 9));
    const bytes = pictures.map((triplets, i) => ({ seconds: i / RATE, data: Uint8Array.from(triplets.flat()) }));
    expect(readCaptions(bytes, 10).tracks).toEqual([
      { channel: 'service 9', cues: [{ text: 'one', startSeconds: 3 / RATE, endSeconds: 9 / RATE, settings: LAST }] },
    ]);
    const shown = [0x98, 0x27, 0x4b, 0, 0x01, 0x1f, 0x11];
    const rolling = [
      [...shown, ...Buffer.from('up')],
      [0x0d, ...Buffer.from('and')],
      [0x0d, ...Buffer.from('down')],
    ];
    const rolls = rolling.map((block, i) => ({ seconds: i, data: Uint8Array.from(servicePacket(1, block).flat()) }));
    expect(readCaptions(rolls, 10).tracks[0]?.cues.map(({ text, endSeconds }) => `${text} ${endSeconds}`)).toEqual([
      ...['up 1', 'and 2', 'down 10'],
    ]);
  });

  describe('of CEA-708', () => {
    const shownBy = (block: readonly number[], isWide = true) => {
      const bytes = [{ seconds: 1, data: Uint8Array.from(servicePacket(1, block).flat()) }];
      return readCaptions(bytes, 10, isWide).tracks[0]?.cues[0];
    };
    /** A visible window of a row of 10 columns, whose anchor lies at a place of fifths of rows and columns. */
    const windowAt = (point: number, down: number, across: number, style = 0x09) => [
      ...[0x98, 0x20, down, across, point << 4, 0x09, style],
    ];
    const words = [...Buffer.from('words')];

    it.each([
      { name: 'its upper left corner', window: windowAt(0, 15, 21), as: 'line:26% position:18% align:start' },
      {
        name: 'the middle of its lower side',
        window: windowAt(7, 75, 105),
        as: 'line:84.67% position:40.48% align:start',
      },
      { name: 'its lower right corner', window: windowAt(8, 80, 209), as: 'line:84.67% position:70.57% align:start' },
      { name: 'a share of the picture', window: windowAt(0, 0x80 + 50, 25), as: 'line:50% position:30% align:start' },
      { name: 'a style that centres', window: windowAt(7, 75, 105, 0x19), as: 'line:84.67% position:50% align:center' },
    ])('stand where their window stands by $name', ({ window, as }) => {
      expect(shownBy([...window, ...words])?.settings).toBe(as);
    });

    it('stand by the shape of the picture, where the row and the column of their first letter are, and by their attributes', () => {
      expect(shownBy([...windowAt(0, 15, 16), ...words], false)?.settings).toBe('line:26% position:18% align:start');
      const twoRows = [0x98, 0x20, 0, 0, 0x01, 0x1f, 0x09, 0x92, 1, 21];
      expect(shownBy([...twoRows, ...words])?.settings).toBe('line:15.33% position:50% align:start');
      const right = [0x97, 0, 0, 0x01, 0];
      expect(shownBy([...windowAt(0, 0, 0), ...right, ...words])?.settings).toBe('line:10% position:29.05% align:end');
    });

    it('have no place where two windows show a text', () => {
      const second = [0x99, 0x20, 30, 0, 0, 0x09, 0x09];
      const cue = shownBy([...windowAt(0, 0, 0), ...words, ...second, 0x41]);
      expect([cue?.text, cue?.settings]).toEqual(['words\nA', undefined]);
    });

    it('keep italics, underlines and colours, until a window is defined with another pen', () => {
      const [slanted, underlined, plain] = [
        [0x90, 5, 0x80],
        [0x90, 5, 0x40],
        [0x90, 5, 0],
      ];
      const yellow = [0x91, 0x3c, 0, 0];
      const said = (...block: readonly number[][]) => shownBy([...windowAt(0, 0, 0), ...block.flat()])?.text;
      expect(said(slanted, [0x41], underlined, [0x42], plain, [0x43])).toBe('<i>A</i><u>B</u>C');
      expect(said([0x41, 0x20], yellow, [0x42])).toBe('A <font color="#ffff00">B</font>');
      expect(said(yellow, [...windowAt(0, 0, 0), 0x42])).toBe('B');
    });
  });

  it('of any bytes end without a fault', () => {
    let state = 7;
    const next = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state >> 16;
    };
    const bytes = Array.from({ length: 20_000 }, (_, i) => ({
      seconds: i / RATE,
      data: Uint8Array.of(0xfc | (next() & 3), next(), next()),
    }));
    const { tracks } = readCaptions(bytes, undefined);
    expect(tracks.every(({ cues }) => cues.every(({ startSeconds, endSeconds }) => startSeconds <= endSeconds))).toBe(
      true,
    );
  });
});
