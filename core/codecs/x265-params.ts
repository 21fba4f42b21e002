import type { EncodeCommon } from './encode-common.ts';

/** Where keyframes lie, and what a kind of picture wants: x265's own names. */
export type X265Gop = {
  readonly keyint: number;
  readonly 'min-keyint': number;
  readonly scenecut?: number;
  readonly bframes?: number;
  readonly 'aq-mode'?: number;
  readonly 'aq-strength'?: number;
};

/** ffmpeg opens x265 for no smaller picture. */
export const X265_SMALLEST_SIDE = 16;

/**
 * Of so few columns x265 3.5 writes past the end of a row while it weighs what later pictures take from blocks (cu-tree,
 * on processors with AVX2), and now and then crashes by it.
 */
const CUTREE_FROM_WIDTH = 49;

/**
 * x265's own parameters. Pinned are all that would follow the machine or the muxer (the frame rate). One frame thread:
 * with three, on a busy machine, some runs in a hundred give other bytes (docs/decisions/0003), and segments side by side
 * fill the cores as well. `info=0` because that SEI carries the CPU's feature bits.
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
