import { describe, expect, it } from '@jest/globals';
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
});
