import { describe, expect, it } from '@jest/globals';
import { type X265Gop, x265Params } from '../../../core/codecs/x265-params.ts';
import { aSpec as specOf } from '../../fixtures/specs.ts';

const DISPLAY = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';
const GOP = { keyint: 240, 'min-keyint': 24 };
const colour = specOf().colour;
const paramsOf = (changes: Parameters<typeof specOf>[0] = {}, gop: X265Gop = GOP) => x265Params(specOf(changes), gop);

describe("x265's parameters", () => {
  it('fix whatever would depend on the machine or the muxer', () => {
    expect(paramsOf({ frameRate: '30000/1001' }).split(':')).toEqual(
      expect.arrayContaining([
        'fps=30000/1001',
        'frame-threads=1',
        'wpp=1',
        'open-gop=0',
        'repeat-headers=1',
        'info=0',
      ]),
    );
  });

  it.each([
    { width: 16, has: true },
    { width: 48, has: true },
    { width: 50, has: false },
    { width: 1920, has: false },
  ])('turn cu-tree off where x265 would write past a row: $width columns, $has', ({ width, has }) => {
    expect(paramsOf({ size: { width, height: 64 } }).includes('cutree=0')).toBe(has);
  });

  it.each([
    { does: 'ask for lossless', spec: { quality: 'lossless' as const }, has: 'lossless=1' },
    { does: 'carry the mastering display', spec: { masterDisplay: DISPLAY }, has: `hdr10=1:master-display=${DISPLAY}` },
    { does: 'carry the light level', spec: { contentLight: '1000,400' }, has: 'max-cll=1000,400' },
    {
      does: 'place chroma in the corner',
      spec: { colour: { ...colour, chromaLocation: 'topleft' } },
      has: 'chromaloc=2',
    },
    {
      does: 'place chroma in the middle',
      spec: { colour: { ...colour, chromaLocation: 'center' } },
      has: 'chromaloc=1',
    },
  ])('$does', ({ spec, has }) => {
    expect(paramsOf(spec)).toContain(has);
    expect(paramsOf()).not.toContain(has.split('=')[0]);
  });

  it.each(['left', undefined, 'unheard of'])('say nothing of chroma that is %s', (chromaLocation) => {
    expect(paramsOf({ colour: { ...colour, chromaLocation } })).not.toContain('chromaloc');
  });

  it('place keyframes as the spec says', () => {
    const fixed = paramsOf({}, { keyint: 50, 'min-keyint': 50, scenecut: 0, bframes: 3 });
    expect(fixed.split(':')).toEqual(expect.arrayContaining(['keyint=50', 'min-keyint=50', 'scenecut=0', 'bframes=3']));
    expect(paramsOf()).not.toMatch(/scenecut|bframes/);
  });
});
