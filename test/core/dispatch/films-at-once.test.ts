import { describe, expect, it } from '@jest/globals';
import { type FilmLoad, filmsAtOnce, mayBegin } from '../../../core/dispatch/films-at-once.ts';

const GIB = 2 ** 30;
const small = (source: string, bytes: number | undefined = source.length * 1000): FilmLoad => ({
  ...{ source, bytes },
  engine: 'processor',
});
const large = { ...small('large'), bytes: 17 << 20 };
const FOUR = { most: 4, isAsked: false };

describe('films at the same time', () => {
  it.each([
    { cores: 8, memory: 64 * GIB, most: 8 },
    { cores: 8, memory: 7 * GIB, most: 3 },
    { cores: 1, memory: 64 * GIB, most: 1 },
    { cores: 2, memory: GIB, most: 1 },
  ])('are $most on $cores processors with $memory bytes of memory', ({ cores, memory, most }) => {
    expect(filmsAtOnce(cores, memory)).toEqual({ most, isAsked: false });
  });

  it.each([
    { what: 'a small film beside a small one', next: small('a'), running: [small('bb')], may: true },
    { what: 'a large film alone', next: large, running: [], may: true },
    { what: 'a large film beside a small one', next: large, running: [small('a')], may: false },
    { what: 'a small film beside a large one', next: small('a'), running: [large], may: false },
    {
      what: 'one of unknown size beside a small one',
      next: { ...small('a'), bytes: undefined },
      running: [small('bb')],
      may: false,
    },
    {
      what: 'a film for a network beside a small one',
      next: { ...small('a'), engine: 'network' as const },
      running: [small('bb')],
      may: false,
    },
    { what: 'another job of a source that is read', next: small('a', 1), running: [small('a', 2)], may: false },
    { what: 'a film of equal size, which may be a copy', next: small('a', 9), running: [small('b', 9)], may: false },
    {
      what: 'a fifth film of four',
      next: small('a'),
      running: ['bb', 'ccc', 'dddd', 'eeeee'].map((name) => small(name)),
      may: false,
    },
  ])('may begin: $what: $may', ({ next, running, may }) => {
    expect(mayBegin(next, running, FOUR)).toBe(may);
  });

  it('may be large ones where their number is asked for, but not copies', () => {
    const asked = { most: 2, isAsked: true };
    expect(mayBegin(large, [{ ...large, source: 'other', bytes: 99 << 20 }], asked)).toBe(true);
    expect(mayBegin(large, [{ ...large, source: 'other' }], asked)).toBe(false);
    expect(mayBegin(small('a'), [large, small('bb')], asked)).toBe(false);
  });
});
