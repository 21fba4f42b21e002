import { describe, expect, it } from '@jest/globals';
import { shownType } from '../../../core/bytes/shown-type.ts';

describe('a type of boxes', () => {
  it.each([
    ['\u00a9nam', '\u00a9nam'],
    ['gps ', 'gps '],
    ['a\0bc', 'a\\x00bc'],
    ['\0\0\0\u0007', '\\x00\\x00\\x00\\x07'],
    ['\u00e9\u0085\u00a0z', '\u00e9\\x85\\xa0z'],
  ])('%j is shown as %s', (type, shown) => {
    expect(shownType(type)).toBe(shown);
  });
});
