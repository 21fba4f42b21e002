import { x265PixelFormat } from '../film/pixel-format.ts';
import { keptColour } from '../filters/colour.ts';
import { crfOn } from '../settings/crf-scale.ts';
import type { Preset } from '../settings/presets.ts';
import type { Codec } from './codec.ts';
import { keyframeEvery } from './keyframes.ts';
import { sidesOf } from './picture-limits.ts';
import { x265Params } from './x265-params.ts';
import { X265_MEGAPIXELS, x265BitsPerPixel } from './x265-speed.ts';

type X265Settings = {
  readonly quality: { readonly crf: number } | 'lossless';
  readonly preset: Preset;
  /** The distance of keyframes in frames, with no others between; undefined lets x265 place them. */
  readonly keyframeEvery?: number;
  /** Whether grain is kept rather than smoothed away, with more bits for dark and flat areas. */
  readonly film?: true;
};

/** HEVC by libx265, with the source's bit depth, chroma, colour and HDR. */
export const x265: Codec<X265Settings> = {
  encoder: 'libx265',
  library: 'libx265',
  comesWith: "every distribution's ffmpeg",
  title: 'HEVC',
  decodesAs: 'hevc',
  ...sidesOf('x265'),
  tag: () => 'hvc1', // Safari refuses hev1
  codecString: () => /^(hvc1|hev1)\./,
  settings: ({ rendition, settings, framesPerSecond }) => ({
    quality: settings.lossless ? 'lossless' : { crf: crfOn('hevc', { rendition, settings }, 25) },
    preset: settings.preset ?? 'medium',
    ...(rendition.film && { film: true as const }),
    ...(rendition.keyframeSeconds !== undefined && {
      keyframeEvery: keyframeEvery(rendition.keyframeSeconds, framesPerSecond),
    }),
  }),
  pixelFormat: ({ pixelFormat }) => x265PixelFormat(pixelFormat),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ pixelFormat }) => pixelFormat,
  colour: keptColour,
  carriesHdr: true,
  arguments: (spec) =>
    [
      ['-c:v', 'libx265', '-preset', spec.preset],
      spec.quality === 'lossless' ? [] : ['-crf', `${spec.quality.crf}`],
      spec.film ? ['-tune', 'grain'] : [], // x265 ignores it among its parameters
      ['-x265-params', x265Params(spec, spec.film ? FILM : gop(spec.keyframeEvery))],
    ].flat(),
  speed: ({ preset }) => X265_MEGAPIXELS[preset],
  bitsPerPixel: ({ quality }) => (quality === 'lossless' ? 4 : x265BitsPerPixel(quality.crf)),
};

const FILM = { keyint: 48, 'min-keyint': 24, 'aq-mode': 3, 'aq-strength': 0.8 };

/** Keyframes where the picture changes and at most 240 frames apart; with `every`, at the same frames in every rendition. */
const gop = (every: number | undefined) =>
  every === undefined ? { keyint: 240, 'min-keyint': 24 } : { keyint: every, 'min-keyint': every, scenecut: 0 };
