import { describe, expect, it } from '@jest/globals';
import type { LibraryEntry } from '../../../core/report/library-entry.ts';
import { madeFilm, unmadeFilm } from '../../../core/report/library-entry.ts';
import { libraryHtml } from '../../../core/report/library-html.ts';
import { manifest, rendition } from './manifests.ts';
import { attribute, read, textOf } from './page.ts';

const AT = '2026-11-28T10:20:30.000Z';
const place = (name: string) => ({
  name,
  report: `preserve/${name}/report.html`,
  poster: `preserve/${name}/report.jpg`,
});
const failure = { source: 'b.avi', recipe: 'preserve', code: 'truncated', reason: 'it is cut short', at: AT };

const identical = { metric: 'identical', mean: 1, min: 1, sampledFrames: 50 } as const;
const films = (): readonly LibraryEntry[] => [
  unmadeFilm(failure, 'b.avi'),
  madeFilm(manifest({ warnings: ['same', 'same', 'other'] }), place('c/d.mov')),
  madeFilm(manifest({ renditions: [rendition({ quality: identical })] }), { ...place('a.mp4'), poster: undefined }),
];

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  'javascript:alert(1)',
  '../../../etc',
  'line\nbreak\0\x1b[2K\u202e',
  '\ud800',
];

describe('the page of all films', () => {
  it('is read by a browser exactly as it was written, and allows its own style, script and posters alone', () => {
    const markup = libraryHtml(films(), AT);
    const page = read(markup);
    expect(page.errors).toEqual([]);
    expect(page.again).toBe(markup);
    const policy = page
      .named('meta')
      .map((meta) => attribute(meta, 'content') ?? '')
      .find((text) => text.includes('default-src'));
    expect(policy).toMatch(
      /^default-src 'none'; img-src 'self'; style-src 'sha256-[^ ]+'; script-src 'sha256-[^ ]+'; base-uri 'none'; form-action 'none'$/,
    );
    for (const element of page.elements)
      expect(element.attrs.map(({ name }) => name).filter((name) => /^on|^style$/.test(name))).toEqual([]);
  });

  it('has a row for each film in the order of names, with its report, its state and what it is sorted by', () => {
    const page = read(libraryHtml(films(), AT));
    expect(page.named('h2').map(textOf)).toEqual(['a.mp4', 'b.avi', 'c/d.mov']);
    const rows = page.classed('film');
    expect(rows.map((row) => attribute(row, 'data-state'))).toEqual(['kept', 'failed', 'done']);
    expect(rows.map((row) => attribute(row, 'data-warnings'))).toEqual(['0', '0', '2']);
    expect(page.named('img').map((img) => attribute(img, 'src'))).toEqual(['./preserve/c/d.mov/report.jpg']);
    expect(page.named('a').map((link) => attribute(link, 'href'))).toEqual([
      ...['./preserve/a.mp4/report.html', './preserve/a.mp4/report.html'],
      ...['./preserve/c/d.mov/report.html', './preserve/c/d.mov/report.html'],
    ]);
    expect(page.text).toContain('it is cut short');
    expect(page.text).toMatch(/Films\s*3/);
  });

  it('counts a film and its bytes once, whatever recipes made of it, and says of no ladder that it saves', () => {
    const source = { ...manifest({}).source, bytes: 4e6 };
    const rungs = [rendition({ bytes: 1e6, frameRate: '25' }), rendition({ bytes: 1e6, frameRate: '25' })];
    const made = [
      madeFilm(manifest({ source, renditions: [rendition({ bytes: 1e6 })] }), place('a.mov')),
      madeFilm(manifest({ source, recipe: 'ladder', renditions: rungs, thumbnails: undefined }), place('a.mov')),
    ];
    const page = read(libraryHtml(made, AT));
    expect(page.text).toMatch(/Films\s*1\s*Results\s*2\s*Before and after\s*4.00 MB → 3.00 MB/);
    expect(page.classed('film').map((row) => attribute(row, 'data-saved'))).toEqual(['', '0.75']);
    expect(page.text.match(/[\d.]+ % saved/g)).toEqual(['25.0 % saved', '75.0 % saved']);
  });

  it('is a page without films, too', () => {
    const page = read(libraryHtml([], AT));
    expect(page.errors).toEqual([]);
    expect(page.text).toContain('nothing yet');
  });

  it.each(HOSTILE)('shows %j as text, wherever it occurs', (text) => {
    const hostile = libraryHtml(
      [
        unmadeFilm({ ...failure, recipe: text, reason: text, at: text }, text),
        madeFilm(manifest({ recipe: text, warnings: [text], madeAt: text }), place(text)),
      ],
      AT,
    );
    const harmless = libraryHtml(
      [
        unmadeFilm({ ...failure, recipe: 'x', reason: 'x', at: 'x' }, 'x'),
        madeFilm(manifest({ recipe: 'x', warnings: ['x'], madeAt: 'x' }), place('x')),
      ],
      AT,
    );
    const [page, expected] = [read(hostile), read(harmless)];
    expect(page.errors).toEqual([]);
    const shape = ({ elements }: typeof page) =>
      elements.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' ')).sort();
    expect(shape(page)).toEqual(shape(expected));
    for (const link of page.named('a'))
      expect(attribute(link, 'href')).toMatch(/^\.\/preserve\/[^:<>"\s]*\/report\.html$/);
    expect(page.text).not.toMatch(/[\0\u202e]/u);
  });
});
