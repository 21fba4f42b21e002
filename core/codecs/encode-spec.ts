import type { CodecName, SpecOf } from './index.ts';

/**
 * Everything that shapes the bytes of a rendition's pieces, and nothing else: it is hashed into their keys. Whatever the
 * encoder would choose by the machine it runs on is pinned here. One arm a codec: core/encode/codecs/.
 */
export type EncodeSpec = SpecOf<CodecName>;

export const isLossless = (spec: EncodeSpec) => 'quality' in spec && spec.quality === 'lossless';
