import { describe, expect, it } from '@jest/globals';
import {
  besideFilm,
  besideSubtitle,
  companionOf,
  filmsAmong,
  filmsOf,
  subtitlesOf,
} from '../../../core/job/companions.ts';
import { dropFromKey } from '../../../core/job/drop.ts';

describe('companionOf', () => {
  it.each([
    ...['.DS_Store', '._film.mp4', 'Thumbs.db', 'desktop.ini', '@eaDir/film.mp4/SYNOVIDEO_VIDEO_SCREENSHOT.jpg'],
    ...['#recycle/film.mp4', '__MACOSX/._film.mp4', '$RECYCLE.BIN/film.mp4', 'lost+found/x', '2019/@eaDir/film.mp4'],
    ...['GX010001.THM', 'GL010001.LRV', 'film.xmp', 'C0001M01.XML', 'movie.nfo', 'poster.jpg', 'film-thumb.jpg'],
  ])('recognises %s as litter or a subtitle', (path) => {
    expect(companionOf(path)).toEqual({ kind: 'litter' });
    expect(dropFromKey(`input/preserve/${path}`)).toEqual({ kind: 'ignored' });
  });

  it.each(['film.srt', 'film.eng.SRT', 'a/film.ass', 'film.vtt', 'film.idx', 'film.sub', 'film.sup'])(
    'knows %s as a subtitle',
    (path) => {
      expect(companionOf(path)?.kind).toBe('subtitle');
      expect(dropFromKey(`input/preserve/${path}`)).toEqual({ kind: 'companion', recipe: 'preserve', path });
    },
  );

  it.each([
    'film.mp4',
    'film.srt.mp4',
    'film',
    'srt',
    'holiday.jpg',
    'film.mts',
    'film.gif',
    'thm',
    'lost and found/x.mov',
  ])('says that %s may be a film', (path) => {
    expect(companionOf(path)).toBeUndefined();
    expect(dropFromKey(`input/preserve/${path}`)).toEqual({ kind: 'drop', recipe: 'preserve', path });
  });
});

describe('files that are named one by one', () => {
  it.each([
    {
      named: ['/a/.b/film.mp4', '/a/.b/film.srt', './film.thm', '@eaDir/film.mp4', '._film.mp4'],
      films: ['/a/.b/film.mp4'],
    },
    { named: ['.hidden.mkv', 'film.lrv'], films: ['.hidden.mkv'] },
    { named: ['film.lrv', 'film.srt'], films: ['film.lrv', 'film.srt'] },
  ])('count as films unless they are companions: $films', ({ named, films }) => {
    expect(filmsAmong(named)).toEqual(films);
  });
});

describe("a subtitle's name", () => {
  const plain = { language: undefined, default: false, forced: false, hearingImpaired: false, commentary: false };
  it.each([
    { name: 'film.srt', says: { ...plain, suffix: 'srt' } },
    { name: 'film.mkv.srt', says: { ...plain, suffix: 'srt' } },
    { name: 'film.eng.srt', says: { ...plain, language: 'eng', suffix: 'eng.srt' } },
    { name: 'film.eng.forced.srt', says: { ...plain, language: 'eng', forced: true, suffix: 'eng.forced.srt' } },
    { name: 'film.forced.en.srt', says: { ...plain, language: 'en', forced: true, suffix: 'forced.en.srt' } },
    {
      name: 'film.pt-BR.sdh.vtt',
      says: { ...plain, language: 'pt-BR', hearingImpaired: true, suffix: 'pt-BR.sdh.vtt' },
    },
    { name: 'film.default.de.ass', says: { ...plain, language: 'de', default: true, suffix: 'default.de.ass' } },
    { name: 'film.yue.srt', says: { ...plain, language: 'yue', suffix: 'yue.srt' } },
    { name: 'film.hi.srt', says: { ...plain, language: 'hi', suffix: 'hi.srt' } },
    { name: 'film.eng.hi.srt', says: { ...plain, language: 'eng', hearingImpaired: true, suffix: 'eng.hi.srt' } },
    {
      name: 'film.fre.commentary.srt',
      says: { ...plain, language: 'fre', commentary: true, suffix: 'fre.commentary.srt' },
    },
  ])('is read from $name', ({ name, says }) => {
    expect(subtitlesOf('film.mkv', [name])).toEqual([{ path: name, subtitle: expect.objectContaining(says) }]);
  });

  it.each([
    'film2.srt',
    'film.part2.srt',
    'other.eng.srt',
    'sub/film.srt',
    'film.eng.mp4',
    'filmeng.srt',
    'film.xyz.srt',
  ])('is not read from %s, which is not named after film.mkv', (name) => {
    expect(subtitlesOf('film.mkv', [name])).toEqual([]);
  });

  it.each([
    { subtitle: 'a/film.eng.srt', films: ['a/film.mkv', 'b/film.mkv', 'a/film.eng.forced.mkv'], of: ['a/film.mkv'] },
    { subtitle: 'film.eng.srt', films: ['film.mkv', 'film.eng.mkv'], of: ['film.eng.mkv'] },
    { subtitle: 'film.srt', films: ['film.mkv', 'film.mp4'], of: ['film.mkv', 'film.mp4'] },
    { subtitle: 'film.mp4.srt', films: ['film.mkv', 'film.mp4'], of: ['film.mp4'] },
    { subtitle: 'it.srt', films: ['it.mkv'], of: ['it.mkv'] },
    { subtitle: 'film.eng.srt', films: ['film.srt', 'film.thm', 'film'], of: ['film'] },
  ])('gives $subtitle to $of', ({ subtitle, films, of }) => {
    expect(filmsOf(subtitle, films)).toEqual(of);
    for (const film of films) {
      const isOwner = of.includes(film);
      expect(subtitlesOf(film, [...films, subtitle]).some(({ path }) => path === subtitle)).toBe(isOwner);
      if (!isOwner) continue;
      expect(film.startsWith(besideSubtitle(subtitle))).toBe(true);
      expect(subtitle.startsWith(besideFilm(film))).toBe(true);
    }
  });
});
