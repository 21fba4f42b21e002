import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { manifestSchema, type Quality } from '../../../core/job/manifest.ts';
import { reportHtml } from '../../../core/report/report-html.ts';
import { manifest, rendition, series, vmaf } from './manifests.ts';
import { attribute, read, textOf } from './page.ts';

const everything = () =>
  manifest({
    renditions: [rendition(), rendition({ name: 'small', path: 'small.mp4', parent: 'preserve' })],
    sidecars: [{ path: 'stream-2.ass', bytes: 4200, sha256: 'ab', stream: 2 }],
    streams: [
      ...manifest().streams,
      { index: 2, type: 'subtitle', codec: 'ass', fate: 'kept', why: 'in the sidecar', sidecar: 'stream-2.ass' },
      { index: 3, type: 'data', codec: 'bin', fate: 'dropped', why: 'nothing holds it' },
    ],
    warnings: ['Dolby Vision is lost'],
  });

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</title></style></main><h1>owned</h1>',
  "' onmouseover='alert(1)",
  '&lt;b&gt; &amp;',
  '<!-- -->]]><![CDATA[',
  'javascript:alert(1)',
  '__proto__',
  'line\nbreak\0\x1b[2K\x85\u2028',
  '\u202egpj.exe',
  '\ud800 \uffff',
] as const;

/** The same text in every place of a manifest that takes any. */
function hostileManifest(text: string) {
  const told = everything();
  return manifestSchema.parse(
    JSON.parse(JSON.stringify(told), (key: string, value: unknown) => {
      const closed = ['status', 'metric', 'fate', 'madeAt'].includes(key);
      return typeof value === 'string' && !closed ? text : value;
    }),
  );
}

describe('the report page', () => {
  it('is read by a browser exactly as it was written', () => {
    const markup = reportHtml(everything(), { preserve: series([96, 95, 97]), small: series([91]) });
    const page = read(markup);
    expect(page.errors).toEqual([]);
    expect(page.again).toBe(markup);
  });

  it('loads nothing and runs no script', () => {
    const page = read(reportHtml(everything(), { preserve: series([96, 95, 97]) }));
    const policy = page.named('meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy');
    const style = page.named('style')[0]?.childNodes[0];
    const css = style && 'value' in style ? style.value : '';
    const hash = createHash('sha256').update(css).digest('base64');
    expect(policy && attribute(policy, 'content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(css).not.toMatch(/url\(|@import|</);
    const names = new Set(page.elements.map(({ tagName }) => tagName));
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'image', 'use']) expect(names).not.toContain(name);
    for (const link of page.named('a')) expect(attribute(link, 'href')).toMatch(/^\.\/[^:]*$/);
    for (const element of page.elements) {
      expect(element.attrs.map(({ name }) => name).filter((name) => /^on|^style$|^src/.test(name))).toEqual([]);
    }
  });

  it('has pictures inside, a slider between the worst frames, and a policy that allows these alone', () => {
    const sheet = [0, 30, 90].map((seconds) => ({ seconds, jpeg: '/9j/4AAQ' }));
    const worst = { seconds: 12.34, source: '/9j/AAAA', rendition: '/9j/BBBB' };
    const markup = reportHtml(everything(), { preserve: series([96, 95, 97]) }, { preserve: { worst, sheet } });
    const page = read(markup);
    expect(page.errors).toEqual([]);
    expect(page.again).toBe(markup);
    const [script] = page.named('script').map((each) => each.childNodes[0]);
    const code = script && 'value' in script ? script.value : '';
    const hash = createHash('sha256').update(code).digest('base64');
    const policy = page.named('meta').map((meta) => attribute(meta, 'content'));
    expect(policy).toContainEqual(
      expect.stringMatching(/^default-src 'none'; img-src data:; style-src 'sha256-[^ ]+';/),
    );
    expect(policy).toContainEqual(expect.stringContaining(`script-src 'sha256-${hash}'`));
    expect(page.named('img').map((img) => attribute(img, 'src'))).toEqual(
      ['AAAA', 'BBBB', '4AAQ', '4AAQ', '4AAQ'].map((end) => `data:image/jpeg;base64,/9j/${end}`),
    );
    expect(page.text).toContain('The worst frame that was measured, at 0:12.34');
    expect(page.named('input').map((input) => attribute(input, 'aria-label'))).toEqual([
      'source on the left, rendition on the right',
    ]);
  });

  it.each(HOSTILE)('shows %j as text, wherever it occurs', (text) => {
    const told = hostileManifest(text);
    const harmless = hostileManifest('harmless');
    const scores = series([96, 95, 97]);
    const markup = reportHtml(told, { [text]: scores });
    const page = read(markup);
    const expected = read(reportHtml(harmless, { harmless: scores }));
    expect(page.errors).toEqual([]);
    const loose = (written: string) => written.replaceAll('&quot;', '"'); // in text a quote may stand as it is
    expect(loose(page.again)).toBe(loose(markup));
    const shape = ({ elements }: typeof page) =>
      elements.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
    const ignoringFolder = (tags: readonly string[]) => tags.filter((tag) => tag !== 'p class' && tag !== 'bdi');
    expect(ignoringFolder(shape(page))).toEqual(ignoringFolder(shape(expected)));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
    expect(page.text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]/u);
    for (const link of page.named('a')) expect(attribute(link, 'href')).toMatch(/^\.\/[^:<>"\s]*$/);
  });

  it.each([
    [0.234, 'over 50 of 100 frames, which tells the average of all frames to within 0.3 (for 95 of 100 films).'],
    [0, 'over 50 of 100 frames.'],
    [undefined, 'over 50 of 100 frames.'],
  ])('says how far the average of all frames may be from that of the measured ones: %p', (error, says) => {
    const quality = { ...vmaf, ...(error !== undefined && { error }) };
    const page = read(reportHtml(manifest({ renditions: [rendition({ quality, frames: 100 })] }), {}));
    expect(page.text).toContain(says);
  });

  it('shows a name that looks like markup letter by letter', () => {
    const told = manifest({ source: { ...manifest().source, path: 'a <b>&amp; "c".mov' } });
    const page = read(reportHtml(told, {}));
    expect(page.named('h1').map(textOf)).toEqual(['a <b>&amp; "c".mov']);
  });

  it.each<{ says: string; quality: Quality; scores: number[]; text: RegExp }>([
    {
      says: 'lossless',
      quality: { metric: 'lossless', mean: 1, min: 1, sampledFrames: 50 },
      scores: [],
      text: /every pixel is as it was/,
    },
    {
      says: 'identical',
      quality: { metric: 'identical', mean: 1, min: 1, sampledFrames: 50 },
      scores: [],
      text: /source's own bytes/,
    },
    {
      says: 'nothing measured',
      quality: { metric: 'ssim', mean: 1, min: 1, sampledFrames: 0 },
      scores: [],
      text: /No frame was measured by SSIM/,
    },
    {
      says: 'unmeasured',
      quality: { metric: 'unmeasured', mean: 0, min: 0, sampledFrames: 0 },
      scores: [],
      text: /Not measured: this page cannot say/,
    },
    { says: 'scores not kept', quality: vmaf, scores: [], text: /were not kept/ },
    { says: 'no number', quality: vmaf, scores: [Number.NaN], text: /None of the scores is a number/ },
  ])('explains in words why there is no plot: $says', ({ quality, scores, text }) => {
    const page = read(reportHtml(manifest({ renditions: [rendition({ quality })] }), { preserve: series(scores) }));
    expect(page.named('figure')).toEqual([]);
    expect(page.text).toMatch(text);
  });

  it.each([
    [1, 'The only check passed'],
    [2, 'All 2 checks passed'],
  ])('says in words that %i passed', (n, words) => {
    const checks = Array.from({ length: n }, (_, i) => ({ name: `check ${i}`, passed: true, detail: '' }));
    expect(read(reportHtml(manifest({ renditions: [rendition({ checks })] }), {})).text).toContain(words);
  });

  it('names in words the checks that passed and those that failed', () => {
    const checks = [
      { name: 'first', passed: true, detail: 'one' },
      { name: 'second', passed: false, detail: 'two' },
    ];
    const page = read(reportHtml(manifest({ renditions: [rendition({ checks })] }), {}));
    expect(page.classed('checks').map(textOf)).toEqual(['Passed firstoneFailed secondtwo']);
    expect(page.text).toContain('1 of 2 checks failed');
  });

  it('puts warnings directly after the header, and has no empty box if there are none', () => {
    const warned = read(reportHtml(everything(), {}));
    const first = warned.named('section')[0];
    expect(first && textOf(first)).toBe('1 warningDolby Vision is lost');
    expect(read(reportHtml(manifest(), {})).classed('warnings')).toEqual([]);
  });

  it.each([
    { after: 157_903, text: '94.6 % saved' },
    { after: 2_942_343, text: 'the same size' },
    { after: 2_942_342, text: 'less than 0.1 % saved' },
    { after: 2_942_344, text: '0.1 % larger' },
    { after: 1, text: '99.9 % saved' },
  ])('says of $after bytes made from 2942343: $text', ({ after, text }) => {
    const page = read(reportHtml(manifest({ renditions: [rendition({ bytes: after })] }), {}));
    expect(page.classed('saved').map(textOf)).toEqual([text]);
  });

  it('counts sidecars among the published bytes', () => {
    const sidecars = [{ path: 'stream-1.mka', bytes: 2_942_343 - 157_903, sha256: 'ab', stream: 1 }];
    expect(
      read(reportHtml(manifest({ sidecars }), {}))
        .classed('saved')
        .map(textOf),
    ).toEqual(['the same size']);
  });

  it('writes a command so that a shell can run it', () => {
    expect(read(reportHtml(manifest(), {})).named('pre').map(textOf)).toEqual(["ffmpeg -i INPUT 'two words' OUTPUT"]);
  });

  it('fills the bar of times exactly to its end', () => {
    const page = read(reportHtml(manifest(), {}));
    const widths = page
      .classed('tall')
      .flatMap(({ childNodes }) => childNodes)
      .map((node) => ('attrs' in node ? Number.parseFloat(attribute(node, 'width') ?? '') : Number.NaN));
    expect(widths).toHaveLength(8);
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(100, 1);
  });
});
