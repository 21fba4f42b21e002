import { describe, expect, it } from '@jest/globals';
import { libraryFilter, sizeOf, spanOf } from '../../../core/library/library-filter.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
/** Days are those of the machine's own time, so that no day within a day of this one is asked for. */
const file = { path: '2019/a.mov', bytes: 5_000_000, modifiedMs: Date.parse('2026-11-20T12:00:00Z') };

describe('the filter of a library', () => {
  it.each([
    { asked: {}, wanted: true },
    { asked: { include: ['*.mp4', '*.mov'] }, wanted: true },
    { asked: { include: ['*.mp4'] }, wanted: false },
    { asked: { include: ['*.mov'], exclude: ['2019/'] }, wanted: false },
    { asked: { minSize: '5M' }, wanted: true },
    { asked: { minSize: '5MiB' }, wanted: false },
    { asked: { newerThan: '30d' }, wanted: true },
    { asked: { newerThan: '2d' }, wanted: false },
    { asked: { newerThan: '2026-11-01' }, wanted: true },
    { asked: { newerThan: '2026-11-22' }, wanted: false },
  ])('takes a file or leaves it out: $asked', ({ asked, wanted }) => {
    expect(libraryFilter(asked, NOW)(file)).toBe(wanted);
  });

  it.each([
    { minSize: '5 apples' },
    { minSize: '-5M' },
    { minSize: '5iB' },
    { newerThan: 'yesterday' },
    { newerThan: '2026-13-45' },
  ])('refuses what it cannot read: $minSize$newerThan', (asked) => {
    expect(() => libraryFilter(asked, NOW)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('reads sizes and lengths of time', () => {
    const size = (text: string) => sizeOf('--min-size', text);
    expect([size('700'), size('1.5G'), size('2 kB'), size('1KiB')]).toEqual([700, 1_500_000_000, 2000, 1024]);
    expect(spanOf('--older-than', '36h')).toBe(129_600_000);
  });
});
