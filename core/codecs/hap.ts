import type { Size } from '../film/frame-size.ts';
import { lossesAgainst } from '../film/pixel-format.ts';
import { textureColour } from '../filters/colour.ts';
import type { Codec } from './codec.ts';
import type { CodecOptions } from './codec-options.ts';
import { PICTURE_LIMITS, sidesOf } from './picture-limits.ts';

/** Vidvox's formats: the name, the sample entry, bits a pixel before Snappy, and the decoder's pixel format. */
const FORMATS = {
  hap: { title: 'HAP', tag: 'Hap1', bits: 4, decoded: 'rgb0' },
  hap_q: { title: 'HAP Q', tag: 'HapY', bits: 8, decoded: 'rgb0' },
  hap_alpha: { title: 'HAP Alpha', tag: 'Hap5', bits: 8, decoded: 'rgba' },
  hap_q_alpha: { title: 'HAP Q Alpha', tag: 'HapM', bits: 12, decoded: 'rgba' },
} as const;

type HapSettings = { readonly format: NonNullable<CodecOptions['texture']>; readonly chunks: number };

/** HAP: DXT textures that a graphics card shows without decoding. Chunks let a player unpack a frame on several cores. */
export const hap: Codec<HapSettings> = {
  encoder: 'hap',
  comesWith: "an ffmpeg built with Snappy, as Debian's, Ubuntu's and Homebrew's are",
  title: 'HAP',
  decodesAs: 'hap',
  ...sidesOf('hap'),
  tag: ({ format }) => FORMATS[format].tag,
  codecString: ({ format }) => new RegExp(`^${FORMATS[format].tag}$`),
  refusal: ({ width, height, sar }, { texture }) => {
    const pixels = width * height * Math.max(sar.num / sar.den, sar.den / sar.num);
    return texture === 'hap_q_alpha' && pixels > MOST_PIXELS_OF_TWO_TEXTURES
      ? `the picture is ${width}x${height}, and ffmpeg reads no HAP Q Alpha frame of more than 16 MB back; take codec=hapalpha or codec=hapq`
      : undefined;
  },
  settings: ({ rendition, settings, size }) => ({
    format: rendition.texture ?? 'hap',
    chunks: chunksOf(size, settings.chunks),
  }),
  pixelFormat: (source, { format }) => ({
    pixelFormat: 'rgba',
    losses: lossesAgainst(source.pixelFormat, { ...PICTURE_LIMITS.hap, alpha: FORMATS[format].decoded === 'rgba' }),
  }),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ format }) => FORMATS[format].decoded,
  colour: textureColour,
  carriesHdr: false,
  arguments: ({ format, chunks }) => [
    ...['-c:v', 'hap', '-format', format === 'hap_q_alpha' ? 'hap_q' : format, '-chunks', `${chunks}`],
  ],
  // FFmpeg writes no HAP Q Alpha. The alpha of an uncompressed DXT5 texture is the second texture that the format wants
  besideArguments: ({ format }) =>
    format === 'hap_q_alpha' ? ['-c:v', 'hap', '-format', 'hap_alpha', '-compressor', 'none'] : undefined,
  speed: () => 65,
  bitsPerPixel: ({ format }) => FORMATS[format].bits,
};

/** ffmpeg's decoder wants section headers of 4 bytes, which count to 2^24. A pixel has 12 bits before Snappy. */
const MOST_PIXELS_OF_TWO_TEXTURES = (2 ** 24 - 4096) / 1.5;

/** From how many pixels on a frame has how many chunks, the largest first. */
const CHUNKS = [
  { pixels: 3840 * 2160, chunks: 8 },
  { pixels: 1920 * 1080, chunks: 4 },
] as const;

/** Returns the count of chunks: what was asked for, or what suits the pixels, lowered to what divides the picture's blocks. */
export function chunksOf({ width, height }: Size, asked?: number): number {
  const blocks = Math.ceil(width / 4) * Math.ceil(height / 4);
  let chunks = asked ?? CHUNKS.find(({ pixels }) => width * height >= pixels)?.chunks ?? 1;
  while (blocks % chunks !== 0) chunks--;
  return chunks;
}
