import { describe, expect, it } from '@jest/globals';
import { asIsPath, extended, keyAt, renditionPath, sameNameAs, subtitlePath } from '../../../core/job/result-place.ts';

const folders = { outputPrefix: 'preserve/2019/clip.mov' };
const films = { stem: '2019/clip', asIs: '2019/clip.mov', byRendition: false, hasSubtitles: true };
const files = { outputPrefix: '.reelmill/preserve/2019/clip.mov', films };
const several = { ...files, films: { ...films, byRendition: true } };

describe('the place of results', () => {
  it.each([
    {
      layout: 'folders',
      place: folders,
      key: 'preserve/2019/clip.mov/hd.mp4',
      subtitle: 'preserve/2019/clip.mov/hd.eng.srt',
    },
    { layout: 'files', place: files, key: '2019/clip.mp4', subtitle: '2019/clip.eng.srt' },
    {
      layout: 'files, of several renditions',
      place: several,
      key: '2019/clip.hd.mp4',
      subtitle: '2019/clip.hd.eng.srt',
    },
    {
      layout: 'files, where another job has the subtitles',
      place: { ...files, films: { ...films, hasSubtitles: false } },
      key: '2019/clip.mp4',
      subtitle: '.reelmill/preserve/2019/clip.mov/hd.eng.srt',
    },
  ])('has paths that lead from its manifest to its files: $layout', ({ place, key, subtitle }) => {
    expect(keyAt(place, renditionPath(place, 'hd', 'mp4'))).toBe(key);
    expect(keyAt(place, subtitlePath(place, 'hd', 'eng.srt'))).toBe(subtitle);
    expect(keyAt(place, 'report.html')).toBe(`${place.outputPrefix}/report.html`);
  });

  it("keeps the source's own name for the source's own bytes", () => {
    expect(keyAt(files, asIsPath(files, 'preserve', 'mov'))).toBe('2019/clip.mov');
    expect(asIsPath(folders, 'preserve', 'mov')).toBe('preserve.mov');
  });

  it('leaves a subtitle in the hidden folder if its name beside the film would be too long', () => {
    const long = { ...files, films: { ...films, stem: 'x'.repeat(250) } };
    expect(subtitlePath(long, 'preserve', 'eng.srt')).toBe('preserve.eng.srt');
  });

  it('never leads out of the store by itself', () => {
    expect(keyAt({ outputPrefix: 'a' }, '../../../etc/passwd')).toBe('../../../etc/passwd'); // which every store refuses
  });

  it('takes names for one that differ in case or in the form of their letters only', () => {
    expect(sameNameAs('Caf\u00c9.MP4')).toBe(sameNameAs('cafe\u0301.mp4'));
  });

  it('stays short enough for file systems', () => {
    const name = extended(`2019/${'é'.repeat(125)}.mov`, '~0123abcd');
    expect(Buffer.byteLength(name.slice('2019/'.length))).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^2019\/é+.*~0123abcd$/);
  });
});
