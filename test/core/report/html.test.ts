import { describe, expect, it } from '@jest/globals';
import { hrefOf, html } from '../../../core/report/html.ts';
import { attribute, read } from './page.ts';

describe('markup templates', () => {
  it('escape text, so that it stays in its attribute and its element', () => {
    const text = `"><b onclick='x'>&quot;</p>`;
    const page = read(html`<!DOCTYPE html><p title="${text}">${text}</p>`.markup);
    expect(page.named('p').map((element) => attribute(element, 'title'))).toEqual([text]);
    expect(page.text).toBe(text);
    expect(page.named('b')).toEqual([]);
  });

  it('leave markup as it is, and write nothing for undefined', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, html`<li>&</li>`]}${undefined}</ul>`.markup).toBe(
      '<ul><li>1</li><li>&</li></ul>',
    );
  });

  it.each([
    { path: 'preserve.mp4', href: './preserve.mp4' },
    { path: 'javascript:alert(1)', href: './javascript%3Aalert(1)' },
    { path: '//host/x?y#z', href: './//host/x%3Fy%23z' },
    { path: 'a b/ü\n".mp4', href: './a%20b/%C3%BC%0A%22.mp4' },
  ])('link to $path as a file beside the page', ({ path, href }) => {
    expect(hrefOf(path)).toBe(href);
    expect(new URL(href, 'https://page.example/job/report.html').origin).toBe('https://page.example');
  });
});
