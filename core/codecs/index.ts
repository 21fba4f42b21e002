import type { CodecName } from '../settings/codec-settings.ts';
import type { Codec } from './codec.ts';
import { dxv } from './dxv.ts';
import type { SpecOf } from './encode-spec.ts';
import { hap } from './hap.ts';
import { h264By, hevcBy, hevcIntraByNvenc } from './hardware.ts';
import { prores } from './prores.ts';
import { x264 } from './x264.ts';
import { x265 } from './x265.ts';
import { x265Intra } from './x265-intra.ts';

/** Every codec there is, by name. */
export const CODECS: { readonly [K in CodecName]: Codec<K> } = {
  x265,
  'x265-intra': x265Intra,
  x264,
  prores,
  hap,
  dxv,
  'hevc-nvenc': hevcBy('nvenc'),
  'hevc-nvenc-intra': hevcIntraByNvenc,
  'hevc-qsv': hevcBy('qsv'),
  'hevc-videotoolbox': hevcBy('videotoolbox'),
  'h264-nvenc': h264By('nvenc'),
  'h264-qsv': h264By('qsv'),
  'h264-videotoolbox': h264By('videotoolbox'),
};

/** What of a codec does not depend on a spec. */
export const codecNamed = (name: CodecName) => CODECS[name];

/** A spec's codec, asked about that spec. */
export function codecOf<Name extends CodecName>(spec: SpecOf<Name>) {
  const codec: Codec<Name> = CODECS[spec.codec];
  return {
    ...{ encoder: codec.encoder, title: codec.title, decodesAs: codec.decodesAs },
    tag: codec.tag(spec),
    codecString: codec.codecString(spec),
    encoderFormat: codec.encoderFormat(spec),
    decodedFormat: codec.decodedFormat(spec),
    arguments: codec.arguments(spec),
    speed: codec.speed(spec),
    bitsPerPixel: codec.bitsPerPixel(spec),
  };
}
