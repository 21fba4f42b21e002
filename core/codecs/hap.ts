import { lossesAgainst } from '../film/pixel-format.ts';
import { textureColour } from '../filters/colour.ts';
import type { Codec } from './codec.ts';
import type { CodecOptions } from './codec-options.ts';

/** Vidvox's formats: the name, the sample entry, bits a pixel before Snappy, and the decoder's pixel format. */
const FORMATS = {
  hap: { title: 'HAP', tag: 'Hap1', bits: 4, decoded: 'rgb0' },
  hap_q: { title: 'HAP Q', tag: 'HapY', bits: 8, decoded: 'rgb0' },
  hap_alpha: { title: 'HAP Alpha', tag: 'Hap5', bits: 8, decoded: 'rgba' },
} as const;

type HapSettings = { readonly format: NonNullable<CodecOptions['texture']>; readonly chunks: number };

/** HAP: DXT textures that a graphics card shows without decoding. Chunks let a player unpack a frame on several cores. */
export const hap: Codec<HapSettings> = {
  encoder: 'hap',
  comesWith: "an ffmpeg built with Snappy, as Debian's, Ubuntu's and Homebrew's are",
  title: 'HAP',
  decodesAs: 'hap',
  block: 4,
  smallestSide: 1,
  tag: ({ format }) => FORMATS[format].tag,
  codecString: ({ format }) => new RegExp(`^${FORMATS[format].tag}$`),
  settings: ({ rendition, video }) => ({
    format: rendition.texture ?? 'hap',
    chunks: video.width * video.height >= 1920 * 1080 ? 4 : 1,
  }),
  pixelFormat: (source, { format }) => ({
    pixelFormat: 'rgba',
    losses: lossesAgainst(source.pixelFormat, { depth: 8, chroma: '444', alpha: format === 'hap_alpha' }),
  }),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ format }) => FORMATS[format].decoded,
  colour: textureColour,
  carriesHdr: false,
  arguments: ({ format, chunks }) => ['-c:v', 'hap', '-format', format, '-chunks', `${chunks}`],
  speed: () => 65,
  bitsPerPixel: ({ format }) => FORMATS[format].bits,
};
