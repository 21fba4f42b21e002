import { describe, expect, it } from '@jest/globals';
import { changingColours, coloursTold, refuseMixedDynamicRange } from '../../../core/film/changing-colours.ts';

const SDR = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' };
const OLD = { primaries: 'bt470bg', transfer: 'bt709', matrix: 'bt470bg' };
const HLG = { primaries: 'bt2020', transfer: 'arib-std-b67', matrix: 'bt2020nc' };
const NOTHING = { primaries: 'unknown', transfer: 'unknown', matrix: 'unknown' };
const of = (tags: typeof SDR, keyframes: number, seconds?: number) => ({ ...tags, keyframes, seconds });

describe('colours of a picture', () => {
  it.each([
    { what: 'one kind', found: [of(SDR, 3), of(SDR, 2)] },
    { what: 'one kind, and keyframes that say nothing', found: [of(NOTHING, 3), of(SDR, 1)] },
    { what: 'none', found: [] },
  ])('stay where there is $what', ({ found }) => expect(changingColours(found)).toBeUndefined());

  it('are those of most keyframes, and of the first ones where as many have either', () => {
    expect(changingColours([of(SDR, 1), of(OLD, 2)])).toEqual({ most: OLD, all: [SDR, OLD] });
    expect(changingColours([of(SDR, 2), of(OLD, 2)])).toMatchObject({ most: SDR });
  });

  it('are told, and refused where SDR and HDR follow each other', () => {
    const [old, hlg] = [changingColours([of(SDR, 2), of(OLD, 1)]), changingColours([of(SDR, 2, 0), of(HLG, 1, 8)])];
    expect(old && coloursTold(old)).toMatch(
      /change between BT\.709 and bt470bg\/BT\.709: all of it is taken for BT\.709/,
    );
    expect(() => refuseMixedDynamicRange(old, undefined)).not.toThrow();
    expect(() => refuseMixedDynamicRange(hlg, undefined)).toThrow(
      /between BT\.709 and BT\.2020\/HLG at 0:08\.0, and no film has both: cut it there/,
    );
    expect(() => refuseMixedDynamicRange(hlg, 'accept')).not.toThrow();
  });
});
