import { describe, expect, it } from '@jest/globals';
import { isLanguage, iso639 } from '../../../core/description/language.ts';
import { languages } from '../../../core/settings/setting-readers.ts';
import { leftOut } from '../../../core/streams/choose-streams.ts';

const stream = (index: number, type: 'audio' | 'subtitle' | 'video', language?: string) => ({
  index,
  type,
  tags: language === undefined ? {} : { language },
});
const FILM = [
  stream(0, 'video'),
  stream(1, 'audio', 'eng'),
  stream(2, 'audio', 'ger'),
  stream(3, 'audio'),
  stream(4, 'subtitle', 'pt-BR'),
  stream(5, 'subtitle', 'fra'),
];

describe('streams by language', () => {
  it.each([
    { choice: {}, out: [] },
    { choice: { audio: 'eng' }, out: [2, 3] },
    { choice: { audio: 'en,deu' }, out: [3] },
    { choice: { audio: 'und,jpn' }, out: [1, 2] },
    { choice: { audio: 'none' }, out: [1, 2, 3] },
    { choice: { subtitles: 'none' }, out: [4, 5] },
    { choice: { subtitles: 'jpn,none' }, out: [4, 5] },
    { choice: { subtitles: 'por' }, out: [5] },
    { choice: { subtitles: 'pt-br,fre' }, out: [] },
    { choice: { audio: 'ger', subtitles: 'fr' }, out: [1, 3, 4] },
  ])('leaves $out out for $choice', ({ choice, out }) => {
    expect([...leftOut(FILM, choice).keys()].sort()).toEqual(out);
  });

  it.each([
    {
      choice: { audio: 'jpn' },
      says: 'no sound in these languages; it has eng (stream 1), ger (stream 2), und (stream 3)',
    },
    {
      choice: { subtitles: 'pt-PT' },
      says: 'no subtitles in these languages; it has pt-BR (stream 4), fra (stream 5)',
    },
  ])('are refused with what there is for $choice', ({ choice, says }) => {
    expect(() => leftOut(FILM, choice)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(says) }),
    );
  });

  it('are not missed in a film that has none of that kind', () => {
    expect(leftOut([stream(0, 'video')], { audio: 'jpn', subtitles: 'eng' }).size).toBe(0);
  });

  it('says why', () => {
    expect(leftOut(FILM, { audio: 'eng,none' }).get(3)).toBe('audio=eng,none leaves it out: its language is und');
  });

  it.each(['', 'english', 'e', 'eng,', 'eng ger', 'xyz', 'eng;rm'])('are not asked for by %j', (text) => {
    expect(languages(text)).toBeUndefined();
  });

  it.each([
    ['en', 'eng'],
    ['ger', 'deu'],
    ['de-AT', 'deu'],
    ['fil', 'fil'],
    ['zh_Hant', 'zho'],
    ['qqq', undefined],
    [undefined, undefined],
  ])('are known by ISO 639-2: %s is %s', (tag, code) => {
    expect(iso639(tag)).toBe(code);
    expect(isLanguage(tag, code ?? 'und')).toBe(true);
  });
});
