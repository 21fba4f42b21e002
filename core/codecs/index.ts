import { makerOf } from '../settings/makers.ts';
import type { Codec } from './codec.ts';
import { dxv } from './dxv.ts';
import type { EncodeCommon } from './encode-common.ts';
import { hap } from './hap.ts';
import { av1By, h264By, hevcBy, hevcIntraByNvenc } from './hardware.ts';
import { prores } from './prores.ts';
import { svtAv1 } from './svt-av1.ts';
import { x264 } from './x264.ts';
import { x265 } from './x265.ts';
import { x265Intra } from './x265-intra.ts';

/** Every codec, by name. The golden tests, the search for tools, the help and the speed bench use this table. */
const ALL = {
  x265,
  'x265-intra': x265Intra,
  x264,
  'svt-av1': svtAv1,
  prores,
  hap,
  dxv,
  'hevc-nvenc': hevcBy('nvenc'),
  'hevc-nvenc-intra': hevcIntraByNvenc,
  'hevc-qsv': hevcBy('qsv'),
  'hevc-videotoolbox': hevcBy('videotoolbox'),
  'av1-nvenc': av1By('nvenc'),
  'av1-qsv': av1By('qsv'),
  'h264-nvenc': h264By('nvenc'),
  'h264-qsv': h264By('qsv'),
  'h264-videotoolbox': h264By('videotoolbox'),
};

export type CodecName = keyof typeof ALL;

type Own = { readonly [K in CodecName]: ReturnType<(typeof ALL)[K]['settings']> };

/** The spec of one codec, or of any of several: the common part, and the codec's own settings. */
export type SpecOf<Name extends CodecName> = {
  [K in Name]: { readonly codec: K } & Own[K] & EncodeCommon;
}[Name];

export const CODEC_NAMES = Object.keys(ALL).filter((name): name is CodecName => name in ALL);

export const CODECS: { readonly [K in CodecName]: Codec<Own[K]> } = ALL;

/** ffmpeg's names of the encoders of graphics cards. */
export const HARDWARE_ENCODERS: readonly string[] = [
  ...new Set(CODEC_NAMES.map((name) => CODECS[name].encoder).filter((encoder) => makerOf(encoder))),
];

/** The facts of a codec that do not depend on a spec. */
export const codecNamed = (name: CodecName) => CODECS[name];

/** The facts of a spec's codec, computed for that spec. */
export function codecOf<Name extends CodecName>(spec: SpecOf<Name>) {
  const codec: Codec<Own[Name]> = CODECS[spec.codec];
  return {
    title: codec.title,
    decodesAs: codec.decodesAs,
    tag: codec.tag(spec),
    codecString: codec.codecString(spec),
    encoderFormat: codec.encoderFormat(spec),
    decodedFormat: codec.decodedFormat(spec),
    arguments: codec.arguments(spec),
    besideArguments: codec.besideArguments?.(spec),
    speed: codec.speed(spec),
    bitsPerPixel: codec.bitsPerPixel(spec),
  };
}
