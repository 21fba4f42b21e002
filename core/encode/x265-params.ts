import type { EncodeSpec } from './encode-spec.ts';

/**
 * x265's own parameters. Pinned are all that would follow the machine (frame-threads) or the muxer (the frame rate);
 * `info=0` because that SEI carries the CPU's feature bits, and a segment must come out the same everywhere.
 */
export function x265Params(spec: EncodeSpec): string {
  const params: readonly (readonly [string, string | number | false | undefined])[] = [
    ['log-level', 'error'],
    ['fps', spec.frameRate],
    ['frame-threads', 3],
    ['wpp', 1],
    ['keyint', 240],
    ['min-keyint', 24],
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
