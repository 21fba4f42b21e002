import { bitDepth, hasAlpha, lossesAgainst } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';
import { editingColour } from '../filters/colour.ts';
import type { Codec } from './codec.ts';
import type { CodecOptions } from './codec-options.ts';
import { PICTURE_LIMITS, sidesOf } from './picture-limits.ts';
import { proresBitsPerPixel } from './prores-rates.ts';

/** prores_ks's profile numbers and Apple's sample entries. */
const PROFILES = {
  proxy: { number: 0, tag: 'apco' },
  lt: { number: 1, tag: 'apcs' },
  '422': { number: 2, tag: 'apcn' },
  hq: { number: 3, tag: 'apch' },
  '4444': { number: 4, tag: 'ap4h' },
  '4444xq': { number: 5, tag: 'ap4x' },
} as const;

type ProresSettings = { readonly profile: NonNullable<CodecOptions['profile']> };

/** ProRes 422 in its four sizes, and 4444 with alpha, in 10 bits. It is marked as BT.709 if the source does not state its colour. */
export const prores: Codec<ProresSettings> = {
  encoder: 'prores_ks',
  comesWith: "every distribution's ffmpeg",
  title: 'ProRes',
  decodesAs: 'prores',
  ...sidesOf('prores'),
  tag: ({ profile }) => PROFILES[profile].tag,
  codecString: ({ profile }) => new RegExp(`^${PROFILES[profile].tag}$`),
  settings: ({ rendition }) => ({ profile: rendition.profile ?? '422' }),
  pixelFormat: ({ pixelFormat: source }, { profile }) =>
    is4444(profile)
      ? {
          pixelFormat: hasAlpha(source) ? 'yuva444p10le' : 'yuv444p10le',
          losses: lossesAgainst(source, PICTURE_LIMITS.prores),
        }
      : {
          pixelFormat: 'yuv422p10le',
          losses: lossesAgainst(source, { ...PICTURE_LIMITS.prores, chroma: '422', alpha: false }),
        },
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  // ffmpeg encodes 4444 from 10 bits, and decodes it to 12
  decodedFormat: ({ pixelFormat, profile }) => (is4444(profile) ? pixelFormat.replace('10le', '12le') : pixelFormat),
  colour(source, { profile }) {
    const { colour, filters } = editingColour(source);
    return { colour, filters: is4444(profile) ? [...filters, ...opaqueAlpha(source)] : filters };
  },
  carriesHdr: true,
  hasHdrInBoxes: true,
  // editing programs recognise Apple's own files by the vendor, and warn about others
  arguments: ({ profile, fieldsFirst }) => [
    ...['-c:v', 'prores_ks', '-profile:v', `${PROFILES[profile].number}`, '-vendor', 'apl0'],
    ...(fieldsFirst ? ['-flags', '+ildct'] : []),
  ],
  holdsFields: true,
  speed: () => 15,
  bitsPerPixel: ({ profile, size }) => proresBitsPerPixel(profile, size),
};

const is4444 = (profile: ProresSettings['profile']): boolean => profile === '4444' || profile === '4444xq';

/** Stretches alpha of 8 bits to the whole range of 10: ffmpeg only shifts it, so that 255 becomes 1020 of 1023, and nothing is quite opaque. */
const opaqueAlpha = ({ pixelFormat }: VideoFacts): readonly string[] =>
  pixelFormat.startsWith('yuva') && bitDepth(pixelFormat) === 8
    ? ['format=yuva444p10le', 'lutyuv=a=round(val*1023/1020)']
    : [];
