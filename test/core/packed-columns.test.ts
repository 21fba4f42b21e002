import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numbersOf, packColumns, unpackColumns } from '../../core/packed-columns.ts';

describe('packed columns', () => {
  it('come out as they went in, with the value beside them', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.float64Array(), fc.uint8Array(), (value, times, flags) => {
        const { value: found, columns } = unpackColumns(packColumns(value, { times, flags }));
        expect(JSON.stringify(found)).toBe(JSON.stringify(value));
        expect(numbersOf(columns.get('times'))).toEqual(times);
        expect(columns.get('flags')).toEqual(flags);
      }),
    );
  });

  it('keep numbers that JSON does not have, and leave out what is undefined', () => {
    const value = { a: Number.POSITIVE_INFINITY, b: [Number.NaN, Number.NEGATIVE_INFINITY], c: undefined };
    expect(unpackColumns(packColumns(value, {})).value).toEqual({
      a: Number.POSITIVE_INFINITY,
      b: [Number.NaN, Number.NEGATIVE_INFINITY],
    });
  });

  it.each([
    { what: 'nothing', change: () => new Uint8Array() },
    { what: 'a part of them', change: (packed: Uint8Array) => packed.slice(0, -1) },
    { what: 'more than them', change: (packed: Uint8Array) => Uint8Array.from([...packed, 0]) },
    { what: 'another file', change: () => new TextEncoder().encode('{"tasks": 3, "vcpu": "2"}') },
  ])('are refused of $what', ({ change }) => {
    const packed = packColumns({ a: 1 }, { times: Float64Array.of(1, 2) });
    expect(() => unpackColumns(change(packed))).toThrow();
  });
});
