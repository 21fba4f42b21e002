import { describe, expect, it } from '@jest/globals';
import { lightBoxes } from '../../../core/film/light-boxes.ts';

describe("HDR10's levels as boxes of a sample entry", () => {
  it('are those of the notation, in its order', () => {
    const masterDisplay = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';
    const [mdcv, clli, ...more] = lightBoxes({ masterDisplay, contentLight: '1000,400' });
    const coordinates = Array.from({ length: 8 }, (_, i) => mdcv?.readUInt16BE(8 + 2 * i));
    expect(mdcv?.toString('latin1', 4, 8)).toBe('mdcv');
    expect(coordinates).toEqual([13250, 34500, 7500, 3000, 34000, 16000, 15635, 16450]);
    expect([mdcv?.readUInt32BE(24), mdcv?.readUInt32BE(28), mdcv?.length]).toEqual([10_000_000, 50, 32]);
    expect(clli).toEqual(Buffer.from('0000000c636c6c6903e80190', 'hex'));
    expect(more).toEqual([]);
  });

  it.each([
    [{}, []],
    [{ contentLight: '1,0' }, ['clli']],
  ])('are only what %j states', (facts, types) => {
    expect(lightBoxes(facts).map((bytes) => bytes.toString('latin1', 4, 8))).toEqual(types);
  });
});
