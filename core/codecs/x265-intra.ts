import { editingPixelFormat } from '../film/pixel-format.ts';
import { editingColour } from '../filters/colour.ts';
import { crfOn } from '../settings/crf-scale.ts';
import type { Preset } from '../settings/presets.ts';
import type { Codec } from './codec.ts';
import { sidesOf } from './picture-limits.ts';
import { x265Params } from './x265-params.ts';
import { X265_MEGAPIXELS, x265BitsPerPixel } from './x265-speed.ts';

type X265IntraSettings = { readonly quality: { readonly crf: number }; readonly preset: Preset };

/** All-intra HEVC by libx265 in at least 10 bits: a mezzanine of half ProRes' size that can be cut at every frame. */
export const x265Intra: Codec<X265IntraSettings> = {
  encoder: 'libx265',
  library: 'libx265',
  comesWith: "every distribution's ffmpeg",
  title: 'all-intra HEVC',
  decodesAs: 'hevc',
  ...sidesOf('x265'),
  tag: () => 'hvc1',
  codecString: () => /^(hvc1|hev1)\./,
  settings: ({ rendition, settings }) => ({
    quality: { crf: crfOn('hevc', { rendition, settings }, 18) },
    preset: settings.preset ?? 'medium',
  }),
  pixelFormat: ({ pixelFormat }) => editingPixelFormat(pixelFormat),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ pixelFormat }) => pixelFormat,
  colour: editingColour,
  carriesHdr: true,
  arguments: (spec) =>
    [
      ['-c:v', 'libx265', '-preset', spec.preset, '-crf', `${spec.quality.crf}`],
      ['-x265-params', x265Params(spec, { keyint: 1, 'min-keyint': 1, bframes: 0 })],
    ].flat(),
  speed: ({ preset }) => X265_MEGAPIXELS[preset] / 4,
  // a picture takes some five times the bits without prediction between frames
  bitsPerPixel: ({ quality }) => 5 * x265BitsPerPixel(quality.crf),
};
