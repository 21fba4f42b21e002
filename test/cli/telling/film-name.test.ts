import { describe, expect, it } from '@jest/globals';
import { filmLines } from '../../../cli/telling/film-line.ts';
import { filmName, resultName } from '../../../cli/telling/film-name.ts';
import { plain } from '../../../cli/terminal/colours.ts';
import { apartLabel } from '../../../core/job/apart-label.ts';

const places = { sources: '/films', outputs: '/out' };
const file = (key: string) => ({ key, bytes: 1, modifiedMs: 1, sha256: '' });

/** A job of preserve in the layout `files`, whose films have this stem. */
function placed(
  source: string,
  label: string,
  { stem, ...more }: { stem: string; asIs?: string; byRendition?: boolean },
) {
  const asIs = `${stem}.${source.split('.').at(-1)}`;
  const films = { stem, asIs, byRendition: false, hasSubtitles: false, ...more };
  return { recipe: 'preserve', source, outputPrefix: `.reelmill/preserve/${label}`, places, films, published: [] };
}
const apart = (source: string) => apartLabel(source, `/films/${source}`);
const LONG = `Deep/${'ä'.repeat(120)}.mp4`;

describe('the name of a film', () => {
  it.each(['Deep/a.mp4', 'e\u0301.mp4', LONG, 'a~b.mp4'])('is its own path, without the mark of %s', (source) => {
    expect(apart(source)).toMatch(/~[0-9a-f]{8}$/);
    expect(filmName(placed(source, apart(source), { stem: 'Deep/a' }))).toBe(source);
    expect(filmName(placed(source, source, { stem: 'Deep/a' }))).toBe(source);
  });

  it('keeps what only looks like a mark, because the file has that name', () => {
    expect(filmName(placed('a.mp4~65b70365', 'a.mp4~65b70365', { stem: 'a' }))).toBe('a.mp4~65b70365');
  });

  it('is the path in the library where the film lies behind a link', () => {
    expect(filmName(placed('b.mp4', 'linked/b.mp4', { stem: 'linked/b' }))).toBe('linked/b.mp4');
    expect(filmName(placed('b.mp4', apartLabel('linked/b.mp4', '/films/b.mp4'), { stem: 'b' }))).toBe('linked/b.mp4');
  });
});

describe('the name of a result', () => {
  it.each([
    ['Deep/a.mp4', { stem: 'Deep/a' }, ['Deep/a.mp4'], undefined],
    ['Deep/a.mov', { stem: 'Deep/a' }, ['Deep/a.mp4'], undefined],
    ['Deep/a.mp4', { stem: 'Deep/a.Deep' }, ['Deep/a.Deep.mp4', 'Deep/a.Deep.eng.srt'], 'a.Deep.mp4'],
    ['Deep/a.mov', { stem: 'Deep/a.mov' }, ['Deep/a.mov.mp4'], 'a.mov.mp4'],
    ['Deep/a.mov', { stem: 'Deep/a.Deep' }, ['Deep/a.Deep.mov'], 'a.Deep.mov'],
    ['a.mov', { stem: 'a.s', byRendition: true }, ['a.s.hap.mov', 'a.s.dxv3.mov'], 'a.s.*'],
    ['a.mov', { stem: 'a.s' }, [], 'a.s.*'],
    ['a.mov', { stem: 'a', asIs: 'a.hap.mov', byRendition: true }, ['a.hap.mov', 'a.dxv3.mov'], undefined],
    ['a.gif', { stem: 'a', asIs: 'a.hap.gif', byRendition: true }, ['a.hap.mov', 'a.dxv3.mov'], undefined],
  ])('is told of %s where it is another: %j', (source, films, keys, name) => {
    expect(resultName({ ...placed(source, apart(source), films), published: keys.map(file) })).toBe(name);
  });

  it('is that of the folder in the layout of folders', () => {
    const { films: _, ...job } = placed('Deep/a.mp4', '', { stem: '' });
    expect(resultName({ ...job, outputPrefix: 'preserve/Deep/a.mp4' })).toBeUndefined();
    expect(resultName({ ...job, outputPrefix: `preserve/${apart('Deep/a.mp4')}` })).toBe(
      `${apart('a.mp4').slice(0, 5)}~${apart('Deep/a.mp4').slice(-8)}/`,
    );
  });

  it('stands behind the name of the film', () => {
    const result = { source: 'Deep/a.mp4', recipe: 'preserve', result: 'a.Deep.mp4', fate: 'unchanged' } as const;
    const style = { width: 120, paint: plain, withRecipe: false };
    expect(filmLines(result, { position: 1, total: 1 }, style)).toEqual(['[1/1] Deep/a.mp4 -> a.Deep.mp4: unchanged']);
  });
});
