import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { filmLines, reasonLine } from '../../../cli/telling/film-line.ts';
import type { FilmFate, FilmResult } from '../../../cli/telling/film-result.ts';
import { coloured, plain } from '../../../cli/terminal/colours.ts';
import { displayWidth } from '../../../cli/terminal/display-width.ts';

const done = (more: Partial<Extract<FilmFate, { fate: 'done' | 'kept' }>> = {}) =>
  ({ fate: 'done', before: 1_420_000_000, after: 612_400_000, quality: 'VMAF 95.63', seconds: 192, ...more }) as const;
const film = (source: string, fate: FilmFate): FilmResult => ({ source, recipe: 'preserve', ...fate });
const at = (width: number | undefined) => ({ width, paint: plain, withRecipe: false });
const place = { position: 7, total: 32 };

const CLIP = film('DSC_0042.mov', done());
const DEEP = film('holiday/2019/Rome and Napoli/Camera 2/DSC_0042.mov', done());
const WIDE = film(
  '旅行/東京タワーから見た夜景と花火.mp4',
  done({ after: 1_465_000_000, quality: 'lossless', seconds: 9.4 }),
);
const KEPT = film('small.mp4', done({ fate: 'kept', after: 1_420_000_000, quality: undefined, seconds: 0.4 }));
const BROKEN = film('broken.avi', {
  fate: 'failed',
  reason: 'the file ends in the middle of a frame: 3 of 120 frames are there',
});

describe('the line of a film', () => {
  it.each([
    [80, CLIP, '[ 7/32] DSC_0042.mov         1.42 GB -> 612 MB     -56.8 %  VMAF 95.63      3:12'],
    [80, DEEP, '[ 7/32] holiday/2…0042.mov   1.42 GB -> 612 MB     -56.8 %  VMAF 95.63      3:12'],
    [80, WIDE, '[ 7/32] 旅行/東京…花火.mp4   1.42 GB -> 1.47 GB     +3.2 %  lossless       9.4 s'],
    [80, KEPT, '[ 7/32] small.mp4            1.42 GB -> 1.42 GB       kept                 0.4 s'],
    [
      120,
      DEEP,
      '[ 7/32] holiday/2019/Rome and Napoli/Camera 2/DSC_0042.mov     1.42 GB -> 612 MB      56.8 % saved  VMAF 95.63      3:12',
    ],
    [
      120,
      WIDE,
      '[ 7/32] 旅行/東京タワーから見た夜景と花火.mp4                  1.42 GB -> 1.47 GB     3.2 % larger  lossless       9.4 s',
    ],
    [
      120,
      KEPT,
      '[ 7/32] small.mp4                                              1.42 GB -> 1.42 GB   kept as it was                 0.4 s',
    ],
  ])('has its number, name, sizes, saving, quality and time in %i columns', (width, result, line) => {
    expect(filmLines(result, place, at(width))).toEqual([line]);
    expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  it('uses every column', () => {
    for (const width of [80, 120]) expect(displayWidth(filmLines(DEEP, place, at(width))[0] ?? '')).toBe(width);
  });

  it('says why a film failed, whole, in as many lines as that takes', () => {
    const told = [
      '[ 7/32] broken.avi',
      '        failed: the file ends in the middle of a frame: 3 of 120 frames are',
      '        there',
    ];
    expect(filmLines(BROKEN, place, at(80))).toEqual(told);
    expect(filmLines(BROKEN, place, at(120))).toEqual([
      `[ 7/32] broken.avi: failed: ${'reason' in BROKEN && BROKEN.reason}`,
    ]);
  });

  it('shortens nothing where there is no terminal', () => {
    const [line = ''] = filmLines(DEEP, place, at(undefined));
    expect(line).toMatch(
      /^\[ 7\/32\] holiday\/2019\/Rome and Napoli\/Camera 2\/DSC_0042\.mov {3}1\.42 GB -> 612 MB {6}56\.8 % saved/,
    );
  });

  it('names the recipe where there are several', () => {
    const [line = ''] = filmLines(CLIP, place, { ...at(120), withRecipe: true });
    expect(line).toMatch(/^\[ 7\/32\] DSC_0042\.mov \(preserve\) /);
  });

  it.each([40, 80, 120])(
    'never lets a control character of a name or a reason reach a terminal of %i columns',
    (width) => {
      const name = 'a\u001b[2Jb\r\n\u202ec\u0007.mov';
      for (const fate of [done(), { fate: 'failed', reason: name } as const, { fate: 'unchanged' } as const])
        expect(filmLines(film(name, fate), place, at(width)).join('')).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(reasonLine({ source: name, recipe: 'x', reason: name }, at(width))).not.toMatch(/[\p{Cc}\u202e]/u);
    },
  );

  it('has colours that take no columns', () => {
    const [line = ''] = filmLines(CLIP, place, { ...at(80), paint: coloured });
    expect(line).toContain('\u001b[32m -56.8 %\u001b[0m');
    expect(stripVTControlCharacters(line)).toBe(filmLines(CLIP, place, at(80))[0]);
  });
});

describe('a failure in the summary', () => {
  it.each([
    [80, BROKEN, '    broken.avi: the file ends in the middle of a frame: 3 of 120 frames are the…'],
    [80, { ...DEEP, reason: 'no picture' }, '    holiday/2019/…DSC_0042.mov: no picture'],
    [120, BROKEN, '    broken.avi: the file ends in the middle of a frame: 3 of 120 frames are there'],
  ])('is one line in %i columns', (width, result, line) => {
    expect(reasonLine({ reason: '', ...result }, at(width))).toBe(line);
  });
});
