import type { EncodeCommon } from './encode-common.ts';

/** x265's parameters for keyframes and adaptive quantisation, by their names in x265. */
export type X265Gop = {
  readonly keyint: number;
  readonly 'min-keyint': number;
  readonly scenecut?: number;
  readonly bframes?: number;
  readonly 'aq-mode'?: number;
  readonly 'aq-strength'?: number;
};

/**
 * In narrower pictures x265 3.5 writes past the end of a row in its cu-tree analysis (on processors with AVX2), and crashes
 * now and then.
 */
const CUTREE_FROM_WIDTH = 49;

/**
 * Returns the value of `-x265-params`. It fixes everything that would depend on the machine or the muxer (the frame rate).
 * There is one frame thread, because three give other bytes in some runs of a hundred on a busy machine
 * (docs/decisions/0003), and parallel segments fill the cores as well. `info=0` because that SEI has the CPU's feature bits.
 */
export function x265Params(
  spec: EncodeCommon & { readonly quality: { readonly crf: number } | 'lossless' },
  gop: X265Gop,
): string {
  const params: readonly (readonly [string, string | number | false | undefined])[] = [
    ['log-level', 'error'],
    ['fps', spec.frameRate],
    ['frame-threads', 1],
    ['wpp', 1],
    ['keyint', gop.keyint],
    ['min-keyint', gop['min-keyint']],
    ['scenecut', gop.scenecut],
    ['bframes', gop.bframes],
    ['aq-mode', gop['aq-mode']],
    ['aq-strength', gop['aq-strength']],
    ['cutree', spec.size.width < CUTREE_FROM_WIDTH && 0],
    ['open-gop', 0],
    ['repeat-headers', 1],
    ['info', 0],
    ['lossless', spec.quality === 'lossless' && 1],
    ['hdr10', spec.masterDisplay !== undefined && 1],
    ['master-display', spec.masterDisplay],
    ['max-cll', spec.contentLight],
    ['no-cll', spec.masterDisplay !== undefined && spec.contentLight === undefined && 1], // it would write levels of 0
    ['chromaloc', chromaLocation(spec.colour.chromaLocation)],
  ];
  return params
    .flatMap(([name, value]) => (value === undefined || value === false ? [] : `${name}=${value}`))
    .join(':');
}

// ITU-T H.265 table E.1 and figure E.1
const CHROMA_LOCATIONS = ['left', 'center', 'topleft', 'top', 'bottomleft', 'bottom'];

function chromaLocation(name: string | undefined): number | undefined {
  const location = CHROMA_LOCATIONS.indexOf(name ?? 'left');
  return location > 0 ? location : undefined;
}
