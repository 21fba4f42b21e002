import { describe, expect, it } from '@jest/globals';
import { macText } from '../../../core/description/mac-text.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { box, u16 } from '../../fixtures/craft.ts';

const TEXTS: readonly (readonly [code: number, bytes: string, text: string, language: string | undefined])[] = [
  [0, '43616680 8e', 'CafÄé', undefined],
  [1, '8e74 8e', 'été', 'fra'],
  [2, '4d9f6e636865 6e', 'München', 'deu'],
  [25, 'fc978d7a', 'Łóćz', 'pol'],
  [14, 'aa95', 'Σï', 'ell'],
  [17, 'dd df', 'ış', 'tur'],
  [18, 'a9b9c8e8', 'ŠšČč', 'hrv'],
  [30, 'dd', 'ð', 'fao'],
  [37, 'bfdf', 'șț', 'ron'],
  [32, '8c eef1ea e2e0', 'Москва', 'rus'],
  [11, '93fa967b', '日本', 'jpn'],
  [19, 'a4a4a4e5', '中文', 'zho'],
  [23, 'c7d1b1db', '한글', 'kor'],
  [33, 'd6d0cec4', '中文', 'zho'],
  [22, 'e4b7c2', 'ไทย', 'tha'],
];

describe("a QuickTime's text in an encoding of the Macintosh", () => {
  it.each(TEXTS)('is read by the code of its language: %i', (code, hex, text, language) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(macText(bytes, code)).toBe(text);
    const said = box('\u00a9nam', u16(bytes.length), u16(code), bytes);
    const { film } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: box('udta', said) }], new Map());
    expect(film).toEqual([{ as: 'TITLE', value: text, language }]);
  });

  it('stays UTF-8 where it is, whatever its code', () => {
    const bytes = Buffer.from('Ünïcode');
    const said = box('\u00a9nam', u16(bytes.length), u16(0), bytes);
    const { film } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: box('udta', said) }], new Map());
    expect(film).toEqual([{ as: 'TITLE', value: 'Ünïcode', language: undefined }]);
  });

  it('stays bytes in an encoding that is not known here', () => {
    const bytes = Buffer.from('e5d0e4', 'hex');
    const said = box('\u00a9nam', u16(bytes.length), u16(12), bytes);
    const { film, fates } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: box('udta', said) }], new Map());
    expect(film).toEqual([{ as: 'TITLE', value: bytes, language: undefined }]);
    expect(fates).toMatchObject([{ fate: 'converted', why: expect.stringContaining('bytes') }]);
  });
});
