import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { Size } from '../film/frame-size.ts';
import { rangeOptions } from '../film/scale-filter.ts';
import type { SourceEnlargement } from '../upscale/enlargement.ts';

/** A picture that is scaled down and enlarged again, encoded losslessly, so that a network's result can be measured. */
type RoundTrip = { readonly spec: EncodeSpec; readonly size: Size; readonly small: Size };

/** The round trip with an enlarged rendition's filters and network. The picture is cropped to sides that the scale divides. */
export function roundTrip(spec: EncodeSpec, enlarge: SourceEnlargement): RoundTrip {
  const { scale, from } = enlarge;
  const step = 2 * scale;
  const size = { width: Math.floor(from.width / step) * step, height: Math.floor(from.height / step) * step };
  const small = { width: size.width / scale, height: size.height / scale };
  const { frameRate, sar, colour, tools, margin } = spec;
  return {
    size,
    small,
    spec: {
      codec: 'x265',
      quality: 'lossless',
      preset: 'ultrafast',
      frameRate,
      sar,
      colour,
      tools,
      margin,
      masterDisplay: undefined,
      contentLight: undefined,
      pixelFormat: from.pixelFormat,
      size,
      ...(spec.ticks !== undefined && { ticks: spec.ticks }),
      ...(spec.interlacedParts && { interlacedParts: spec.interlacedParts }),
      ...(spec.shapedParts && { shapedParts: spec.shapedParts }),
      filters: [
        ...spec.filters,
        `crop=${size.width}:${size.height}:0:0`,
        `scale=${small.width}:${small.height}:${rangeOptions(colour.range)}flags=area+accurate_rnd`,
      ],
      enlarge: { ...enlarge, from: { ...small, pixelFormat: from.pixelFormat }, finish: [] },
    },
  };
}
