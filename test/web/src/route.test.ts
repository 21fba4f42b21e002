import { describe, expect, it } from '@jest/globals';
import { jobPage } from '../../../core/notices/job-pages.ts';
import { pageOf } from '../../../web/src/route.ts';

describe('the page of an address', () => {
  it.each([
    { pathname: '/', hash: '', name: 'films' },
    { pathname: '/index.html', hash: '#/add', name: 'add' },
    { pathname: '/', hash: '#/jobs/abc', name: 'job' },
    { pathname: '/', hash: '#/nowhere', name: 'unknown' },
    { pathname: '/films/old', hash: '', name: 'unknown' },
    { pathname: '/films/old', hash: '#/add', name: 'unknown' },
  ])('$pathname$hash is $name', ({ pathname, hash, name }) => {
    expect(pageOf({ pathname, hash }).name).toBe(name);
  });

  it.each(['https://films.example.org', 'https://films.example.org/', 'http://127.0.0.1:8370'])(
    'is the job that a notice leads to from %s',
    (pages) => {
      expect(pageOf(new URL(jobPage(pages, 'a1b2')))).toEqual({ name: 'job', job: 'a1b2' });
    },
  );
});
