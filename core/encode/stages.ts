import type { EncodeCommon } from '../codecs/encode-common.ts';
import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { rawPixelFormat } from './encode-args.ts';

/** One process chain of a segment, from a piece to the next. */
export type Stage = { readonly spec: EncodeSpec; readonly enlarges: boolean };

/** In order; the last one makes the piece. A rendition without a diet has one, and streams. */
export function stagesOf(spec: EncodeSpec): readonly Stage[] {
  const { diet, enlarge, ...plain } = spec;
  if (!enlarge || (!diet?.pre && !diet?.mezzanine)) return [{ spec, enlarges: enlarge !== undefined }];
  const { slower, ...unmoved } = plain;
  const { width, height, pixelFormat } = enlarge.from;
  const marks = spec.filters.filter(isMark);
  const preCodec = diet.pre && MEZZANINES[diet.pre](pixelFormat);
  const pre: Stage | undefined = preCodec && {
    spec: {
      ...common(unmoved),
      ...preCodec,
      filters: [...spec.filters, ...sameLevels(spec, preCodec.pixelFormat)],
      size: { width, height },
    },
    enlarges: false,
  };
  const filtered = pre ? { filters: [...marks, ...sameLevels(spec, pixelFormat)], margin: 0 } : {};
  const enlarged = { ...plain, ...filtered, enlarge };
  if (!diet.mezzanine) return [...(pre ? [pre] : []), { spec: enlarged, enlarges: true }];
  const whole = { width: width * enlarge.scale, height: height * enlarge.scale };
  const codec = MEZZANINES[diet.mezzanine](spec.pixelFormat);
  const mezzanine: Stage = {
    spec: {
      ...common(enlarged),
      ...codec,
      enlarge: { ...enlarge, finish: sameLevels(spec, codec.pixelFormat) },
      size: whole,
    },
    enlarges: true,
  };
  const { sar, colour } = spec;
  const filters = [
    ...sameLevels(spec, spec.pixelFormat),
    ...enlarge.finish.flatMap((filter) => [UNSAID, filter]),
    `setsar=${sar.num}/${sar.den}`,
    ...(colour.range === 'pc' ? ['setparams=range=pc'] : []),
    ...marks,
  ];
  return [
    ...(pre ? [pre] : []),
    mezzanine,
    { spec: { ...unmoved, pixelFormat: rawPixelFormat(spec), filters, margin: 0 }, enlarges: false },
  ];
}

/**
 * Into another format, every level as it is: on the way to one, ffmpeg makes a full range limited, and takes grey for full
 * whatever it is. A limited range of colour stays by itself.
 */
function sameLevels({ colour: { range }, pixelFormat }: EncodeSpec, into: string): readonly string[] {
  if (range !== 'pc' && !pixelFormat.startsWith('gray')) return [];
  const format = `format=${rawPixelFormat({ pixelFormat: into })}`;
  return ['setparams=range=pc', 'scale=in_range=pc:out_range=pc', format, `setparams=range=${range ?? 'unknown'}`];
}

/** As of frames out of a network, so that the filter that follows makes no other range of it. */
const UNSAID = 'setparams=range=unknown';

/** Says what frames are, and changes nothing in them. */
const isMark = (filter: string) => filter.startsWith('setparams=');

type ProresPart = Pick<Extract<EncodeSpec, { codec: 'prores' }>, 'codec' | 'profile' | 'pixelFormat'>;
type NvencIntraPart = Pick<Extract<EncodeSpec, { codec: 'hevc-nvenc-intra' }>, 'codec' | 'quality' | 'pixelFormat'>;
type X265IntraPart = Pick<Extract<EncodeSpec, { codec: 'x265-intra' }>, 'codec' | 'quality' | 'preset' | 'pixelFormat'>;

const prores =
  (profile: ProresPart['profile']) =>
  (_: string): ProresPart => ({ codec: 'prores', profile, pixelFormat: 'yuv422p10le' });

/** At least ten bits, chroma as it is. */
const hevcIntra = (pixelFormat: string): X265IntraPart => ({
  codec: 'x265-intra',
  quality: { crf: 18 },
  preset: 'fast',
  pixelFormat: `${/^(yuvj?4\d\dp|gray)/.exec(pixelFormat)?.[0].replace('yuvj', 'yuv') ?? 'yuv444p'}${pixelFormat.includes('12') ? '12le' : '10le'}`,
});

/** As hevcIntra, by a card. */
const hevcIntraByCard = (_: string): NvencIntraPart => ({
  codec: 'hevc-nvenc-intra',
  quality: { crf: 18 },
  pixelFormat: 'yuv420p10le',
});

const MEZZANINES = {
  proreslt: prores('lt'),
  prores422: prores('422'),
  prores422hq: prores('hq'),
  'hevc-intra': hevcIntra,
  'hevc-nvenc-intra': hevcIntraByCard,
} as const;

function common(spec: EncodeCommon): EncodeCommon {
  const { frameRate, size, pixelFormat, sar, colour, masterDisplay, contentLight, filters, margin, tools } = spec;
  return {
    ...{ frameRate, size, pixelFormat, sar, colour, masterDisplay, contentLight, filters, margin, tools },
    ...(spec.enlarge && { enlarge: spec.enlarge }),
    ...(spec.slower && { slower: spec.slower }),
  };
}
