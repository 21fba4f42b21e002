import { fitted, type Size } from '../film/frame-size.ts';
import { LOST_ALPHA, lossesAgainst } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';
import { keptColour } from '../filters/colour.ts';
import { crfOn, onScale } from '../settings/crf-scale.ts';
import { parseRational, toNumber } from '../units.ts';
import type { Codec, RenditionShape } from './codec.ts';
import type { EncodeCommon } from './encode-common.ts';
import { keyframeEvery } from './keyframes.ts';
import { PICTURE_LIMITS, sidesOf } from './picture-limits.ts';
import { SVT_PRESETS, svtMegapixels } from './svt-av1-speed.ts';
import { x265BitsPerPixel } from './x265-speed.ts';

type SvtAv1Settings = {
  readonly quality: { readonly crf: number };
  /** SVT-AV1's own number, of which 0 is the slowest. */
  readonly preset: number;
  /** The distance of keyframes in frames, with no others between. */
  readonly keyframeEvery: number;
  /** How much of the grain is taken out of the picture and put back by the player, 1-50. */
  readonly grain?: number;
};

const LIMITS = PICTURE_LIMITS['svt-av1'];

/** How many processors one encode uses. SVT-AV1 1.4 gives the same bytes with 1, 2 and 4 of them (decision 0129). */
const SVT_PROCESSORS = 2;

/** AV1 by SVT-AV1, in 10 bits of 4:2:0. A picture that it cannot hold stays HEVC. */
export const svtAv1: Codec<SvtAv1Settings> = {
  encoder: 'libsvtav1',
  library: 'libsvtav1',
  insteadOf: 'x265',
  comesWith: 'the ffmpeg of Debian 12, Ubuntu 23.04, Alpine and Homebrew, or any other that is built with SVT-AV1',
  title: 'AV1',
  decodesAs: 'av1',
  ...sidesOf('svt-av1'),
  tag: () => 'av01',
  codecString: () => /^av01\.0\.\d\d[MH]\.10/,
  refusal: (source, rendition) => whyNotHeld(source, sizeOf(source, rendition)),
  settings: ({ rendition, settings, framesPerSecond }) => ({
    quality: { crf: crfOn('av1', { rendition, settings }, 25) },
    preset: SVT_PRESETS[settings.preset ?? 'medium'],
    keyframeEvery:
      rendition.keyframeSeconds === undefined ? 240 : keyframeEvery(rendition.keyframeSeconds, framesPerSecond),
    ...(settings.grain !== undefined && settings.grain > 0 && { grain: settings.grain }),
  }),
  pixelFormat: ({ pixelFormat }) => ({
    pixelFormat: 'yuv420p10le',
    losses: lossesAgainst(pixelFormat, LIMITS),
  }),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ pixelFormat }) => pixelFormat,
  colour: keptColour,
  carriesHdr: true,
  masterDisplay: asStated,
  processors: SVT_PROCESSORS,
  countsKeyframes: true, // SVT-AV1 1.4 takes none from ffmpeg
  arguments: (spec) =>
    [
      ['-c:v', 'libsvtav1', '-preset', `${spec.preset}`, '-crf', `${spec.quality.crf}`, '-g', `${spec.keyframeEvery}`],
      ['-svtav1-params', svtParams(spec)],
    ].flat(),
  speed: ({ preset }) => svtMegapixels(preset),
  bitsPerPixel: ({ quality }) => 0.9 * x265BitsPerPixel(onScale(quality.crf, 'av1', 'hevc')),
};

/** At a constant quality the rate of which the encoder is told hardly changes the bytes. */
const FASTEST = { num: LIMITS.fastest, den: 1 };

/** Returns the value of `-svtav1-params`, which fixes everything that would depend on the machine or the muxer. */
function svtParams({ frameRate, masterDisplay, contentLight, grain }: SvtAv1Settings & EncodeCommon): string {
  const rate = parseRational(frameRate) ?? { num: 25, den: 1 };
  const { num, den } = toNumber(rate) > toNumber(FASTEST) ? FASTEST : rate;
  const params: readonly (readonly [string, string | number | undefined])[] = [
    ['lp', SVT_PROCESSORS],
    ['pin', 0],
    ['fps-num', num],
    ['fps-denom', den],
    ['irefresh-type', 2], // each keyframe closes its group, so that pieces decode by themselves
    ['film-grain', grain],
    ['film-grain-denoise', grain && 1],
    ['mastering-display', masterDisplay && inUnits(masterDisplay)],
    ['content-light', contentLight],
  ];
  return params.flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`)).join(':');
}

/** The mastering display in SVT-AV1's notation: chromaticities of 1 and cd/m², where x265 counts in 0.00002 and 0.0001. */
function inUnits(masterDisplay: string): string {
  const scaled = (text: string, unit: number) =>
    text.replace(/\d+/g, (digits) => String(Math.round((Number(digits) / unit) * 1e5) / 1e5));
  return masterDisplay.replace(/(L?)\(([\d,]+)\)/g, (_, light: string, pair: string) =>
    light === 'L' ? `L(${scaled(pair, 10_000)})` : `(${scaled(pair, 50_000)})`,
  );
}

/** AV1 counts the luminance in 256ths and 16384ths of a cd/m², where others count in 10000ths; chromaticities fit. */
function asStated(masterDisplay: string): string {
  const stated = (value: string, parts: number) =>
    Math.round((Math.round((Number(value) / 1e4) * parts) / parts) * 1e4);
  return masterDisplay.replace(
    /L\((\d+),(\d+)\)/,
    (_, max: string, min: string) => `L(${stated(max, 256)},${stated(min, 16_384)})`,
  );
}

function sizeOf(source: VideoFacts, { fit = {}, enlarge }: RenditionShape): Size {
  const { width, height } = fitted(source, fit);
  const times = enlarge?.scale ?? 1;
  return { width: width * times, height: height * times };
}

/** Why AV1 as it is made here cannot hold a picture of this source, in this size. */
function whyNotHeld({ pixelFormat }: VideoFacts, size: Size): string | undefined {
  const lost = lossesAgainst(pixelFormat, LIMITS).filter((loss) => loss !== LOST_ALPHA);
  if (lost.length > 0) return `SVT-AV1 holds 4:2:0 in ${LIMITS.depth} bits, and this picture is ${pixelFormat}`;
  return whyNotOfSize(size);
}

function whyNotOfSize({ width, height }: Size): string | undefined {
  const { smallestSide, largest } = LIMITS;
  // a side that is shorter by one may be padded
  if (Math.min(width, height) <= smallestSide - 2)
    return `SVT-AV1 takes pictures from ${smallestSide}x${smallestSide} on, and this one is ${width}x${height}`;
  if (width > largest.width || height > largest.height)
    return `SVT-AV1 takes pictures up to ${largest.width}x${largest.height}, and this one is ${width}x${height}`;
  return undefined;
}
