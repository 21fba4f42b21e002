import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentKeys, cutSource } from '../../core/segments/segments.ts';
import { anyFilm, anyLength, indexOf } from '../fixtures/films.ts';

const anyContext = fc.record({
  spec: fc.record({ codec: fc.string(), crf: fc.nat(51), fps: fc.tuple(fc.nat(60), fc.nat(1001)) }),
  independent: fc.boolean(),
  margin: fc.nat(3),
  context: fc.nat(2),
});

it('plans a film the same again, whatever was planned in between, and changes nothing that it was given', () => {
  fc.assert(
    fc.property(anyFilm, anyFilm, anyLength, anyContext, (film, between, length, context) => {
      const planned = (shots: typeof film) => {
        const index = indexOf(shots);
        const cut = cutSource(index, length);
        const plan = cut && { ranges: cut.ranges, segments: contentKeys(index, cut, context) };
        expect(index).toEqual(indexOf(shots));
        return plan;
      };
      const first = planned(film);
      planned(between);
      expect(planned(structuredClone(film))).toEqual(first);
    }),
    { numRuns: 25 },
  );
});
