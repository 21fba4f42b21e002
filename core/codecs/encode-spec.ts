import { onScale } from '../settings/crf-scale.ts';
import type { CodecName, SpecOf } from './index.ts';

/**
 * Everything that determines the bytes of a rendition's pieces, and nothing else, because its hash is a part of their keys.
 * What an encoder would choose by the machine that it runs on is fixed here. Each codec of core/codecs/ has one variant.
 */
export type EncodeSpec = SpecOf<CodecName>;

/** The CRF of an encode, on the scale of x265 and x264; undefined for lossless encodes and for codecs that have none. */
export const crfOf = (spec: EncodeSpec): number | undefined =>
  'quality' in spec && typeof spec.quality === 'object'
    ? onScale(spec.quality.crf, spec.codec === 'svt-av1' ? 'av1' : 'hevc', 'hevc')
    : undefined;

/** Whether every pixel of the encode equals the encoder's input. */
export const isLossless = (spec: EncodeSpec) => 'quality' in spec && spec.quality === 'lossless';
