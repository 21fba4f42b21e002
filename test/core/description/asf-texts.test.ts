import { describe, expect, it } from '@jest/globals';
import { describedTexts, extendedTexts, libraryTexts, withAsfTexts } from '../../../core/description/asf-texts.ts';
import { extendedDescription } from '../../fixtures/asf.ts';
import { aProbe } from '../../fixtures/probes.ts';

describe('the texts of an ASF', () => {
  it('are several values of one name, whatever the name is', () => {
    const body = extendedDescription([
      ['Author', 'Ann'],
      ['Author', 'Ben'],
      ['Author', 'Ann'],
      ['constructor', 'x'],
      ['constructor', 'y'],
      ['WM/Genre', 'Drama'],
    ]).subarray(24);
    const probe = withAsfTexts(aProbe([], { tags: { artist: 'Ben' } }), extendedTexts(body));
    expect(probe.tags.artist).toBe('Ann;Ben');
    expect(probe.severalValues).toEqual([
      ['artist', ['Ann', 'Ben']],
      ['constructor', ['x', 'y']],
    ]);
  });

  it.each([0, 1, 5, 11, 30])('are none where only %i bytes of them are there', (bytes) => {
    const body = extendedDescription([['Author', 'Ann']]).subarray(24, 24 + bytes);
    for (const read of [describedTexts, extendedTexts, libraryTexts]) expect(() => read(body)).not.toThrow();
  });
});
