import type { CodecName, SpecOf } from './index.ts';

/**
 * Everything that determines the bytes of a rendition's pieces, and nothing else, because its hash is a part of their keys.
 * What an encoder would choose by the machine that it runs on is fixed here. Each codec of core/codecs/ has one variant.
 */
export type EncodeSpec = SpecOf<CodecName>;

/** Whether every pixel of the encode equals the encoder's input. */
export const isLossless = (spec: EncodeSpec) => 'quality' in spec && spec.quality === 'lossless';
