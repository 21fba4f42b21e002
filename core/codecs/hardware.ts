import type { PixelFormatChoice } from '../film/pixel-format.ts';
import { bitDepth, lossesAgainst, screenPixelFormat } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';
import { editingColour, keptColour, screenColour } from '../filters/colour.ts';
import { crfOn } from '../settings/crf-scale.ts';
import type { Maker } from '../settings/makers.ts';
import type { Codec, CodecInput } from './codec.ts';
import type { EncodeCommon } from './encode-common.ts';
import { keyframeEvery } from './keyframes.ts';
import { PICTURE_LIMITS, sidesOf } from './picture-limits.ts';
import { X265_MEGAPIXELS, x265BitsPerPixel } from './x265-speed.ts';

/** The quality, and the distance of keyframes in frames (240 if undefined). */
type HardwareSettings = { readonly quality: { readonly crf: number }; readonly keyframeEvery?: number };

type HardwareSpec = HardwareSettings & EncodeCommon;
type Standard = 'hevc' | 'h264' | 'av1';

const COMES_WITH: Readonly<Record<Maker, string>> = {
  nvenc:
    "Debian's and Ubuntu's ffmpeg; it needs an NVIDIA GPU with an encoder (T4, A10G, L4, GeForce; not A100, H100, H200) and its driver",
  qsv: 'an ffmpeg built with libvpl or libmfx; it needs an Intel GPU and its driver',
  videotoolbox: 'ffmpeg on macOS',
};

/** ffmpeg has these encoders from 6.0 on, and none of VideoToolbox's. */
const AV1_COMES_WITH: Readonly<Record<Av1Maker, string>> = {
  nvenc:
    'an ffmpeg from 6.0 on with NVENC; it needs an NVIDIA GPU of the Ada generation or later (L4, L40S, GeForce RTX 40) and its driver',
  qsv: 'an ffmpeg from 6.0 on built with libvpl; it needs an Intel GPU that encodes AV1 (Arc, Core Ultra) and its driver',
};
type Av1Maker = Exclude<Maker, 'videotoolbox'>;

/** HEVC by a graphics card: 4:2:0 in 8 or 10 bits. No card writes the mastering display and light levels of HDR10. */
export const hevcBy = (maker: Maker): Codec<HardwareSettings> => ({
  ...common(maker, 'hevc'),
  insteadOf: 'x265',
  title: `HEVC (${maker})`,
  tag: () => 'hvc1',
  codecString: () => /^(hvc1|hev1)\./,
  pixelFormat: (source: VideoFacts) => deepest(source),
  colour: keptColour,
  arguments: (spec) =>
    [
      base(maker, 'hevc', spec),
      ['-profile:v', bitDepth(spec.pixelFormat) > 8 ? 'main10' : 'main'],
      groups(maker, 'hevc', spec.keyframeEvery ?? 240),
    ].flat(),
});

/** AV1 by a graphics card: 4:2:0 in 8 or 10 bits. */
export const av1By = (maker: Av1Maker): Codec<HardwareSettings> => ({
  ...common(maker, 'av1'),
  insteadOf: 'svt-av1',
  comesWith: AV1_COMES_WITH[maker],
  title: `AV1 (${maker})`,
  tag: () => 'av01',
  codecString: () => /^av01\.0\.\d\d[MH]\.(08|10)/,
  pixelFormat: (source: VideoFacts) => deepest(source),
  colour: keptColour,
  arguments: (spec) =>
    [
      base(maker, 'av1', spec),
      maker === 'qsv' ? ['-profile:v', 'main'] : [], // av1_nvenc has no such option
      groups(maker, 'av1', spec.keyframeEvery ?? 240),
    ].flat(),
});

/** H.264 Constrained Baseline by a graphics card. HDR is tone-mapped. */
export const h264By = (maker: Maker): Codec<HardwareSettings> => ({
  ...common(maker, 'h264'),
  insteadOf: 'x264',
  title: `H.264 Constrained Baseline (${maker})`,
  tag: () => 'avc1',
  codecString: () => /^avc1\.42[C-F]0[0-9A-F]{2}$/,
  pixelFormat: ({ pixelFormat }) => screenPixelFormat(pixelFormat),
  colour: screenColour,
  isForAllScreens: true,
  arguments: (spec) =>
    [
      base(maker, 'h264', spec),
      ['-profile:v', maker === 'videotoolbox' ? 'constrained_baseline' : 'baseline', '-bf', '0'],
      groups(maker, 'h264', spec.keyframeEvery ?? 240),
    ].flat(),
});

/** All-intra HEVC in 10 bits by NVENC: a mezzanine that leaves the CPU to the decoder and the filters. */
export const hevcIntraByNvenc: Codec<HardwareSettings> = {
  ...common('nvenc', 'hevc'),
  insteadOf: 'x265-intra',
  title: 'all-intra HEVC (nvenc)',
  tag: () => 'hvc1',
  codecString: () => /^(hvc1|hev1)\./,
  pixelFormat: (source: VideoFacts) => ({ ...deepest(source), pixelFormat: 'yuv420p10le' }),
  colour: editingColour,
  arguments: ({ quality: { crf } }) =>
    [
      ['-c:v', 'hevc_nvenc', '-preset', 'p5', '-tune', 'hq', '-rc', 'constqp', '-qp', `${crf}`],
      ['-profile:v', 'main10', '-g', '0', '-bf', '0'],
    ].flat(),
  bitsPerPixel: ({ quality }: HardwareSpec) => 5 * x265BitsPerPixel(quality.crf),
};

function common(maker: Maker, standard: Standard) {
  return {
    encoder: `${standard}_${maker}`,
    comesWith: COMES_WITH[maker],
    decodesAs: standard,
    ...sidesOf('card'),
    carriesHdr: false,
    settings: ({ rendition, settings, framesPerSecond }: CodecInput): HardwareSettings => ({
      quality: { crf: crfOn('hevc', { rendition, settings }, 23) },
      ...(rendition.keyframeSeconds !== undefined && {
        keyframeEvery: keyframeEvery(rendition.keyframeSeconds, framesPerSecond),
      }),
    }),
    encoderFormat: ({ pixelFormat }: HardwareSpec) => SEMIPLANAR[maker][pixelFormat] ?? pixelFormat,
    decodedFormat: ({ pixelFormat }: HardwareSpec) => pixelFormat,
    // an assumption, not measured: five times as fast as x265
    speed: () => 5 * X265_MEGAPIXELS.medium,
    bitsPerPixel: ({ quality }: HardwareSpec) => 1.5 * x265BitsPerPixel(quality.crf),
  };
}

/** The pixel formats of the cards' encoders, where they differ from ours. */
const SEMIPLANAR: Readonly<Record<Maker, Readonly<Record<string, string>>>> = {
  nvenc: { yuv420p10le: 'p010le' },
  qsv: { yuv420p: 'nv12', yuv420p10le: 'p010le' },
  videotoolbox: { yuv420p10le: 'p010le' },
};

/** The encoder and its quality. The same number gives about the same quality with each maker, but not that of x265's CRF. */
function base(maker: Maker, standard: Standard, { quality: { crf } }: HardwareSpec): string[] {
  const encoder = ['-c:v', `${standard}_${maker}`];
  switch (maker) {
    case 'nvenc':
      return [...encoder, '-preset', 'p7', '-tune', 'hq', '-rc', 'vbr', '-cq', `${crf}`, '-b:v', '0'];
    case 'qsv':
      return [...encoder, '-preset', 'veryslow', '-global_quality', `${crf}`];
    case 'videotoolbox':
      return [...encoder, '-q:v', `${110 - 2 * crf}`, '-allow_sw', '0']; // its quality is 1 to 100, and 100 is best
    default:
      return maker satisfies never;
  }
}

/** The arguments for a keyframe (IDR picture) every `every` frames, and no others. */
function groups(maker: Maker, standard: Standard, every: number): string[] {
  switch (maker) {
    case 'nvenc':
      return ['-g', `${every}`, '-no-scenecut', '1', '-forced-idr', '1', '-strict_gop', '1'];
    case 'qsv':
      return [['-g', `${every}`], IDR_INTERVAL[standard], ['-adaptive_i', '0', '-adaptive_b', '0']].flat();
    case 'videotoolbox':
      return ['-g', `${every}`];
    default:
      return maker satisfies never;
  }
}

/** Every I picture of Quick Sync becomes an IDR picture with 0 in H.264 and with 1 in HEVC; in AV1 it is one without a word. */
const IDR_INTERVAL: Readonly<Record<Standard, readonly string[]>> = {
  h264: ['-idr_interval', '0'],
  hevc: ['-idr_interval', '1'],
  av1: [],
};

function deepest({ pixelFormat, hdr }: VideoFacts): PixelFormatChoice {
  const deep = bitDepth(pixelFormat) > 8;
  const losses = [...lossesAgainst(pixelFormat, PICTURE_LIMITS.card)];
  if (hdr.masterDisplay || hdr.contentLight) losses.push('the mastering display and light levels of HDR10');
  return { pixelFormat: deep ? 'yuv420p10le' : 'yuv420p', losses };
}
