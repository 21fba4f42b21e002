import { lossesAgainst } from '../film/pixel-format.ts';
import { editingColour } from '../filters/colour.ts';
import type { Codec } from './codec.ts';
import type { CodecOptions } from './codec-options.ts';
import { proresBitsPerPixel } from './prores-rates.ts';

/** prores_ks's profile numbers and Apple's sample entries. */
const PROFILES = {
  proxy: { number: 0, tag: 'apco' },
  lt: { number: 1, tag: 'apcs' },
  '422': { number: 2, tag: 'apcn' },
  hq: { number: 3, tag: 'apch' },
} as const;

type ProresSettings = { readonly profile: NonNullable<CodecOptions['profile']> };

/** ProRes 422 in its four sizes and 10 bits. It is marked as BT.709 if the source does not state its colour. */
export const prores: Codec<ProresSettings> = {
  encoder: 'prores_ks',
  comesWith: "every distribution's ffmpeg",
  title: 'ProRes 422',
  decodesAs: 'prores',
  block: undefined,
  smallestSide: 1,
  tag: ({ profile }) => PROFILES[profile].tag,
  codecString: ({ profile }) => new RegExp(`^${PROFILES[profile].tag}$`),
  settings: ({ rendition }) => ({ profile: rendition.profile ?? '422' }),
  pixelFormat: (source) => ({
    pixelFormat: 'yuv422p10le',
    losses: lossesAgainst(source.pixelFormat, { depth: 10, chroma: '422' }),
  }),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: ({ pixelFormat }) => pixelFormat,
  colour: editingColour,
  carriesHdr: false,
  // editing programs recognise Apple's own files by the vendor, and warn about others
  arguments: ({ profile }) => ['-c:v', 'prores_ks', '-profile:v', `${PROFILES[profile].number}`, '-vendor', 'apl0'],
  speed: () => 15,
  bitsPerPixel: ({ profile, size }) => proresBitsPerPixel(profile, size),
};
