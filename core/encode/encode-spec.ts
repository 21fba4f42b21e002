import type { Colour, VideoFacts } from '../media/probe.ts';
import type { RenditionSpec } from '../recipes/recipe.ts';
import type { Preset, Settings } from '../recipes/settings.ts';
import type { Rational } from '../units.ts';
import { formatRational } from '../units.ts';
import { padded, type Size, shrunk } from './frame-size.ts';
import { x265PixelFormat } from './pixel-format.ts';

/**
 * Everything that shapes the bytes of a rendition's pieces, and nothing else: it is hashed into their keys. Whatever the
 * encoder would choose by the machine it runs on is pinned here.
 */
export type EncodeSpec = {
  readonly codec: 'x265';
  readonly quality: { readonly crf: number } | 'lossless';
  readonly preset: Preset;
  readonly frameRate: string;
  readonly size: Size;
  readonly pixelFormat: string;
  readonly sar: Rational;
  readonly colour: Colour;
  readonly masterDisplay: string | undefined;
  readonly contentLight: string | undefined;
  /** ffmpeg's filter chain, one a line. */
  readonly filters: readonly string[];
  /** Frames on either side that the filters look at. */
  readonly margin: number;
  readonly tools: Readonly<Record<string, string>>;
};

export type SpecInput = {
  readonly rendition: RenditionSpec;
  readonly settings: Partial<Settings>;
  readonly video: VideoFacts;
  readonly frameRate: Rational;
  readonly interlaced: boolean;
  readonly tools: Readonly<Record<string, string>>;
};

/** A rendition of one source, and what of the picture it cannot hold. */
export function encodeSpec(input: SpecInput): { readonly spec: EncodeSpec; readonly losses: readonly string[] } {
  const { rendition, settings, video, interlaced } = input;
  const { pixelFormat, losses } = x265PixelFormat(video.pixelFormat);
  const scaled = shrunk(video, rendition.maxShortSide);
  const size = padded(scaled, pixelFormat);
  const spec = {
    codec: rendition.codec,
    quality: settings.lossless ? 'lossless' : { crf: settings.crf ?? 25 },
    preset: settings.preset ?? 'medium',
    frameRate: formatRational(input.frameRate),
    size,
    pixelFormat,
    sar: video.sar,
    colour: video.colour,
    masterDisplay: video.hdr.masterDisplay,
    contentLight: video.hdr.contentLight,
    filters: [
      interlaced && 'bwdif=mode=send_frame:parity=auto:deint=all',
      differs(scaled, video) && `scale=${scaled.width}:${scaled.height}:flags=lanczos+accurate_rnd+full_chroma_int`,
      differs(size, scaled) && `pad=${size.width}:${size.height}:0:0`,
      differs(scaled, video) && `setsar=${video.sar.num}/${video.sar.den}`,
    ].filter((filter) => filter !== false),
    margin: interlaced ? 2 : 0,
    tools: input.tools,
  } as const;
  return { spec, losses: differs(size, scaled) ? [...losses, 'its odd size (padded by one line)'] : losses };
}

const differs = (a: Size, b: Size) => a.width !== b.width || a.height !== b.height;
