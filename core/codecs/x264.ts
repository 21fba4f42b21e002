import { screenPixelFormat } from '../film/pixel-format.ts';
import { screenColour } from '../filters/colour.ts';
import type { Preset } from '../settings/presets.ts';
import type { Codec } from './codec.ts';
import { keyframeEvery } from './keyframes.ts';
import { sidesOf } from './picture-limits.ts';

type X264Settings = {
  readonly quality: { readonly crf: number };
  readonly preset: Preset;
  readonly keyframeEvery: number;
};

/** H.264 Constrained Baseline in 8 bits by libx264, which every device plays. HDR is tone-mapped. */
export const x264: Codec<X264Settings> = {
  encoder: 'libx264',
  library: 'libx264',
  comesWith: "every distribution's ffmpeg",
  title: 'H.264 Constrained Baseline',
  decodesAs: 'h264',
  ...sidesOf('x264'),
  tag: () => 'avc1',
  codecString: () => /^avc1\.42[C-F]0[0-9A-F]{2}$/, // profile_idc 66 with constraint_set1: Constrained Baseline
  settings: ({ rendition, settings, framesPerSecond }) => ({
    quality: { crf: settings.crf ?? rendition.crf ?? 23 },
    preset: settings.preset ?? 'medium',
    keyframeEvery: keyframeEvery(rendition.keyframeSeconds ?? 2, framesPerSecond),
  }),
  pixelFormat: ({ pixelFormat }) => screenPixelFormat(pixelFormat),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ pixelFormat }) => pixelFormat,
  colour: screenColour,
  isForAllScreens: true,
  carriesHdr: false,
  arguments: ({ preset, quality, keyframeEvery: every }) =>
    [
      ['-c:v', 'libx264', '-preset', preset, '-profile:v', 'baseline', '-crf', `${quality.crf}`],
      ['-x264-params', `${THREADS}:keyint=${every}:min-keyint=${every}:scenecut=0:open-gop=0:force-cfr=0`],
    ].flat(),
  speed: () => 23,
  bitsPerPixel: ({ quality }) => 0.12 * 2 ** ((23 - quality.crf) / 6),
};

/** The number of threads determines the bytes, so it must not depend on the machine. */
const THREADS = 'threads=4:lookahead-threads=1:sliced-threads=0';
